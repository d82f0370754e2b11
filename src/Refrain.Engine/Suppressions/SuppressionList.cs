using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Suppressions;

/// <summary>Addresses and domains that must not be mailed. Putting one here takes its contacts out of every sequence.</summary>
public sealed class SuppressionList(Database database, EnrollmentStore door, TimeProvider time)
{
    private const int Batch = 500;
    private const string Columns = "id as Id, value as Value, reason as Reason, source as Source, created_at as CreatedAt";

    private const string ListSql =
        $"""
        select {Columns} from suppression where workspace_id = @workspace and id > @after order by id limit @limit
        """;

    private const string ByValueSql =
        $"""
        select {Columns} from suppression where workspace_id = @workspace and value = @value
        """;

    private const string ByIdSql = "select value from suppression where workspace_id = @workspace and id = @id";

    private const string RunsSql =
        """
        select enrollment.id from enrollment join contact on contact.id = enrollment.contact_id
        where contact.workspace_id = @workspace and (contact.email = @value or contact.email like @domain)
            and enrollment.state in ('active', 'pending', 'paused', 'paused_o3', 'failed') and enrollment.id > @after
        order by enrollment.id limit @limit
        """;

    public async Task<Page<Suppression>> ListAsync(WorkspaceId workspace, Guid after, int limit, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(session => session.QueryAsync<Row>(ListSql, new { workspace, after, limit = limit + 1 }, cancel), cancel);
        return Paging.Cut(rows, limit, row => row.Id.ToString("N"), row => row.ToSuppression());
    }

    /// <summary>
    /// A value that is suppressed already is a conflict with its id. That somebody wants it too is kept all the same: it stays suppressed should what came first turn out
    /// to be misread, and an opt-out outranks a bad address.
    /// </summary>
    public async Task<Answer<Suppression>> AddAsync(WorkspaceId workspace, Actor by, NewSuppression suppression, CancellationToken cancel)
    {
        var value = suppression.Value.Trim().ToLowerInvariant();
        if (!IsAddressOrDomain(value))
            return new Answer<Suppression>.Wrong([new("value", "invalid_address", $"\"{value}\" is neither an address like ann@example.com nor a domain like example.com.")]);
        var id = Guid.CreateVersion7();
        var (isNew, row) = await database.WriteAsync(
            async session =>
            {
                var added = await SuppressionGrounds.AddAsync(session, workspace, id, value, WireName.Of(suppression.Reason), by.ToString(), time.Now(), null, cancel);
                return (added, (await session.FirstAsync<Row>(ByValueSql, new { workspace, value }, cancel))!);
            },
            cancel);
        if (isNew) await TakeOutAsync(workspace, by, value, suppression.Reason, cancel);
        return row.Id == id ? row.ToSuppression() : new Answer<Suppression>.Conflict("suppression_exists", $"{value} is suppressed already.", row.Id.ToString("N"));
    }

    /// <summary>False when there is no such suppression.</summary>
    public Task<bool> RemoveAsync(WorkspaceId workspace, Guid id, CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            if (await session.FirstAsync<string>($"{ByIdSql} {session.Dialect.ForUpdate}", new { workspace, id }, cancel) is not { } value) return false;
            await SuppressionGrounds.LiftAsync(session, workspace, value, cancel);
            return true;
        },
        cancel);

    private async Task TakeOutAsync(WorkspaceId workspace, Actor by, string value, SuppressionReason reason, CancellationToken cancel)
    {
        var domain = value.Contains('@', StringComparison.Ordinal) ? null : $"%@{value}";
        var now = time.Now();
        var after = default(EnrollmentId);
        IReadOnlyList<EnrollmentId> open;
        do
        {
            open = await database.ReadAsync(session => session.QueryAsync<EnrollmentId>(RunsSql, new { workspace, value, domain, after, limit = Batch }, cancel), cancel);
            if (open.Count == 0) return;
            await door.SignalAsync(workspace, open, _ => Signal(now, by, value, reason), cancel);
            after = open[^1];
        }
        while (open.Count == Batch);
    }

    private static Signal Signal(Instant now, Actor by, string value, SuppressionReason reason) => reason switch
    {
        SuppressionReason.OptedOut => new OptedOut(now, by, OptOutSource.Api, OwnMessage: false),
        SuppressionReason.Complained => new OptedOut(now, by, OptOutSource.Complaint, OwnMessage: false),
        SuppressionReason.Bounced or SuppressionReason.Manual => new Removed(now, by, RemovalRule.Suppressed, value),
    };

    private static bool IsAddressOrDomain(string value) =>
        EmailAddress.TryParse(value, out _) || (!value.Contains('@', StringComparison.Ordinal) && EmailAddress.TryParse($"x@{value}", out _));

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Value { get; init; } = "";
        public string Reason { get; init; } = "";
        public string Source { get; init; } = "";
        public Instant CreatedAt { get; init; }

        public Suppression ToSuppression() => new(Id.ToString("N"), Value, WireName.Parse<SuppressionReason>(Reason), Source, CreatedAt.ToDateTimeOffset());
    }
}
