using Refrain.Core;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>The suppressions that matter to a batch of addresses: of the addresses themselves and of their domains.</summary>
internal sealed class KnownSuppressions
{
    private readonly Dictionary<string, string> reasons;

    private KnownSuppressions(Dictionary<string, string> reasons) => this.reasons = reasons;

    public static async Task<KnownSuppressions> LoadAsync(Session session, WorkspaceId workspace, IEnumerable<string> addresses, CancellationToken cancel)
    {
        var values = addresses.SelectMany(address => new[] { address, DomainOf(address) }).Distinct(StringComparer.Ordinal).ToList();
        var found = await session.QueryAsync<Row>(
            $"select value as Value, reason as Reason from suppression where workspace_id = @workspace and {session.Dialect.InTexts("value", "@values")}",
            new { workspace, values = session.Dialect.Texts(values) }, cancel);
        return new(found.ToDictionary(row => row.Value, row => row.Reason, StringComparer.Ordinal));
    }

    public bool OptedOut(string address) => reasons.GetValueOrDefault(address) is "opted_out" or "complained";

    public bool KnownBad(string address) => reasons.GetValueOrDefault(address) == "bounced";

    /// <summary>The address or domain that somebody suppressed by hand; null when neither is.</summary>
    public string? SuppressedBy(string address) =>
        reasons.GetValueOrDefault(address) == "manual" ? address : reasons.ContainsKey(DomainOf(address)) ? DomainOf(address) : null;

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];

    private sealed class Row
    {
        public string Value { get; init; } = "";
        public string Reason { get; init; } = "";
    }
}
