using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Contacts;

/// <summary>
/// What is known of the absences of a person: a row for each answer that told of one. The contact has what they come to, in the order of their arrival; a correction takes
/// one of them away.
/// </summary>
internal static class KnownAbsences
{
    /// <summary>How long an absence is believed in: nobody is held longer for what he said once, and nobody is known to be away without an end for longer.</summary>
    public const int LongestDays = 100;

    private static readonly Instant Forever = Instant.FromUtc(9999, 1, 1, 0, 0);

    private const string AwaySql = "select away_since as Since, away_until as Until, away_dated as Dated from contact where id = @contact";

    private const string AddSql = """
        insert into absence_ground (contact_id, message_id, at, until, dated) values (@contact, @message, @At, @Until, @Dated)
        on conflict (contact_id, message_id) do update set at = excluded.at, until = excluded.until, dated = excluded.dated
        """;

    private const string OfMessageSql = "select contact_id from absence_ground where message_id = @message order by contact_id";

    private const string ForgetSql = "delete from absence_ground where contact_id = @contact and message_id = @message";

    private const string LeftSql = "select at as Since, until as Until, dated as Dated from absence_ground where contact_id = @contact and at < @before order by at, message_id";

    private const string StoreSql = "update contact set away_since = @Since, away_until = @Until, away_dated = @Dated where id = @contact";

    /// <summary>The absence that still lasts at an instant; null when there is none.</summary>
    public static Hold? At(Instant? since, Instant? until, bool dated, Instant now) =>
        since is { } began && (until ?? began + Duration.FromDays(LongestDays)) > now ? new(began, until, dated) : null;

    public static async Task AddAsync(Session session, ContactId contact, AbsenceStarted said, MessageId message, CancellationToken cancel)
    {
        var known = await session.FirstAsync<StoredAbsence>($"{AwaySql} {session.Dialect.ForUpdate}", new { contact }, cancel);
        await session.ExecuteAsync(AddSql, new { contact, message, said.At, said.Until, said.Dated }, cancel);
        await StoreAsync(session, contact, EnrollmentMachine.AwayAfter(known?.At(said.At), said), cancel);
    }

    /// <summary>A message tells of no absence any more. Returns those of whom it had told.</summary>
    public static async Task<IReadOnlyList<ContactId>> WithdrawAsync(Session session, MessageId message, CancellationToken cancel)
    {
        var contacts = await session.QueryAsync<ContactId>(OfMessageSql, new { message }, cancel);
        foreach (var contact in contacts)
        {
            await session.ExecuteAsync($"{AwaySql} {session.Dialect.ForUpdate}", new { contact }, cancel);
            await session.ExecuteAsync(ForgetSql, new { contact, message }, cancel);
            await StoreAsync(session, contact, await BeforeAsync(session, contact, Forever, cancel), cancel);
        }
        return contacts;
    }

    /// <summary>What was known of a person's absence before an instant, as far as it still counts.</summary>
    public static async Task<Hold?> BeforeAsync(Session session, ContactId contact, Instant before, CancellationToken cancel) =>
        (await session.QueryAsync<StoredAbsence>(LeftSql, new { contact, before }, cancel))
            .Aggregate((Hold?)null, (known, one) => EnrollmentMachine.AwayAfter(Lasting(known, one.Said.At), one.Said));

    private static Hold? Lasting(Hold? known, Instant now) => known is null ? null : At(known.Since, known.Until, known.Dated, now);

    private static Task StoreAsync(Session session, ContactId contact, Hold? away, CancellationToken cancel) =>
        session.ExecuteAsync(StoreSql, new { contact, away?.Since, away?.Until, Dated = away?.Dated ?? false }, cancel);

    private sealed class StoredAbsence
    {
        public Instant? Since { get; init; }
        public Instant? Until { get; init; }
        public bool Dated { get; init; }

        public AbsenceStarted Said => new(Since!.Value, Until, Dated);

        public Hold? At(Instant now) => KnownAbsences.At(Since, Until, Dated, now);
    }
}
