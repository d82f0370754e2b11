using System.Text.RegularExpressions;
using NodaTime;

namespace Refrain.Core.Throttles;

/// <summary>
/// What a provider of recipients asked of a mailbox by 421 or 4.7.x (RFC 3463): to send it less. First nothing goes there for a while, then one at a time,
/// and each that is accepted makes the pace faster until it is forgotten. Other providers are not concerned.
/// </summary>
/// <param name="Domain">The recipients' domain.</param>
/// <param name="Strikes">How many refusals have not been made good, from 1.</param>
/// <param name="Since">When the first of them came.</param>
/// <param name="Until">When the next one may go.</param>
/// <param name="Answer">The newest words of the server.</param>
public sealed partial record ProviderPace(string Domain, int Strikes, Instant Since, Instant Until, string Answer)
{
    private const int MostStrikes = 6;
    private static readonly Duration FirstPause = Duration.FromMinutes(5);
    private static readonly Duration FirstPace = Duration.FromMinutes(1);

    /// <summary>After a refusal: the pause doubles with each, from 5 minutes to 160.</summary>
    public static ProviderPace Refused(ProviderPace? before, string domain, string answer, Instant now)
    {
        var strikes = Math.Min(MostStrikes, (before?.Strikes ?? 0) + 1);
        return new(domain, strikes, before?.Since ?? now, Instant.Max(before?.Until ?? now, now + (FirstPause * (1 << (strikes - 1)))), answer);
    }

    /// <summary>After an acceptance; null when all is forgotten.</summary>
    public ProviderPace? Accepted() => Strikes <= 1 ? null : this with { Strikes = Strikes - 1 };

    /// <summary>After one was sent, whose answer is not known yet.</summary>
    public ProviderPace Sent(Instant now) => this with { Until = Instant.Max(Until, now + Step) };

    /// <summary>The time between two that go: doubles with each strike, from 1 minute to 32.</summary>
    public Duration Step => FirstPace * (1 << (Strikes - 1));

    /// <summary>
    /// Whether the words of a deferral are such a request: reply code 421, or an enhanced code 4.7.x. Greylisting (RFC 6647) uses 4.7.1 too, and asks for nothing but
    /// another attempt.
    /// </summary>
    public static bool IsAsked(string answer)
    {
        if (IsGreylisting(answer))
            return false;
        var words = answer.AsSpan().TrimStart();
        return words.StartsWith("421") || (words.Length > 8 && words[0] == '4' && words[4..].TrimStart().StartsWith("4.7."));
    }

    /// <summary>
    /// Whether a report of a delay (RFC 3464) is such a request: its status is 4.7.x, or the words of the refusing server, which stand behind "smtp;" or "… said:", have
    /// 421 or 4.7.x in them.
    /// </summary>
    public static bool IsAsked(string? status, string? diagnostic) =>
        !IsGreylisting(diagnostic ?? "") && (status?.StartsWith("4.7.", StringComparison.Ordinal) == true || Codes().IsMatch(diagnostic ?? ""));

    private static bool IsGreylisting(string words) =>
        words.Contains("greylist", StringComparison.OrdinalIgnoreCase) || words.Contains("graylist", StringComparison.OrdinalIgnoreCase);

    // A code begins what a server says, so that neither addresses nor amounts are taken for one.
    [GeneratedRegex(@"(^|[;:])\s*(421(?![\d.])|4\d\d[ -]4\.7\.\d)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Codes();
}
