using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>An out-of-office answer holds the person: all his open runs whose sequence pauses on it, and those he is enrolled in later.</summary>
internal sealed class Absences(EnrollmentStore door, SequenceCatalog sequences, TimeProvider time)
{
    private static readonly Duration LongestAbsence = Duration.FromDays(100);

    private const string ContactSql = "select id from contact where workspace_id = @Workspace and email = @From and deleted_at is null";

    private const string AwaySql = """
        update contact set away_since = @now, away_until = @until, away_dated = @dated
        where id = @contact and (away_since is null or away_until is null or away_until <= @now or @dated and (not away_dated or away_until < @until))
        """;

    private const string RunsSql = """
        select e.bucket as Bucket, e.id as Id, e.sequence_id as Sequence, e.sequence_version as Version, c.time_zone as TimeZone
        from enrollment e join contact c on c.id = e.contact_id
        where e.contact_id = @contact and (e.state in ('active', 'pending', 'paused', 'paused_o3', 'failed') or e.id = @own) order by e.bucket, e.id
        """;

    public async Task StartAsync(Session session, MailboxPlace mailbox, ReceivedMail mail, MatchedMessage? matched, CancellationToken cancel)
    {
        var contact = matched?.Contact ?? (mail.From is null ? null : await session.FirstAsync<ContactId?>(ContactSql, new { mailbox.Workspace, mail.From }, cancel));
        if (contact is not { } away) return;
        var now = time.Now();
        var knocks = new List<Knock>();
        Instant? latest = null;
        foreach (var run in await session.QueryAsync<RunRow>(RunsSql, new { contact = away, own = matched?.Enrollment ?? default }, cancel))
        {
            var sequence = await sequences.GetAsync(session, run.Sequence, run.Version, cancel);
            var until = Until(sequence, ContactSchedules.Of(sequence, run.TimeZone), mail.Verdict.ReturnDate, now);
            if (until > latest || latest is null) latest = until;
            knocks.Add(new(run.Bucket, run.Id, _ => new AbsenceStarted(now, until, mail.Verdict.ReturnDate is not null, mail.Id)));
        }
        await session.ExecuteAsync(AwaySql, new { contact = away, now, until = latest ?? default, dated = mail.Verdict.ReturnDate is not null && latest is not null }, cancel);
        await door.ApplyAsync(session, null, knocks, cancel);
    }

    /// <summary>The start of the business day after the stated return; without one, after the sequence's wait. Null = until a user resumes. A date in the past or beyond a hundred days is taken for none.</summary>
    private static Instant? Until(Sequence sequence, Schedule schedule, LocalDate? returnDate, Instant now)
    {
        var today = now.InZone(schedule.Zone).Date;
        if (returnDate is { } back && back >= today && back <= today.PlusDays(100))
            return BusinessDays.NextAfter(back, schedule).AtStartOfDayInZone(schedule.Zone).ToInstant();
        return sequence.Settings.ResumeAfter is { } wait ? Instant.Min(NextSlot.DelayEnds(now, wait, schedule), now + LongestAbsence) : null;
    }

    private sealed class RunRow
    {
        public int Bucket { get; init; }
        public EnrollmentId Id { get; init; }
        public SequenceId Sequence { get; init; }
        public int Version { get; init; }
        public string? TimeZone { get; init; }
    }
}
