using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Engine.Contacts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>An out-of-office answer holds the person: all his open runs whose sequence pauses on it, and those he is enrolled in later.</summary>
internal sealed class Absences(EnrollmentStore door, SequenceCatalog sequences, TimeProvider time)
{
    private const string ContactSql = "select id from contact where workspace_id = @Workspace and email = @From and deleted_at is null";

    private const string ZoneSql = "select time_zone from contact where id = @contact";

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
        var told = new List<(RunRow Run, AbsenceStarted Said)>();
        foreach (var run in await session.QueryAsync<RunRow>(RunsSql, new { contact = away, own = matched?.Enrollment ?? default }, cancel))
        {
            var sequence = await sequences.GetAsync(session, run.Sequence, run.Version, cancel);
            told.Add((run, Said(mail, sequence.Settings.ResumeAfter, ContactSchedules.Of(sequence, run.TimeZone), now)));
        }
        var known = told.Select(one => one.Said).OrderByDescending(said => said.Dated).ThenByDescending(said => said.Until ?? Instant.MaxValue).FirstOrDefault()
            ?? Said(mail, new SequenceSettings().ResumeAfter, Everyday(await session.FirstAsync<string>(ZoneSql, new { contact = away }, cancel)), now);
        await KnownAbsences.AddAsync(session, away, known, mail.Id, cancel);
        await door.ApplyAsync(session, null, [.. told.Select(one => new Knock(one.Run.Bucket, one.Run.Id, _ => one.Said))], cancel);
    }

    /// <summary>
    /// Until the start of the business day after the stated return, at most a hundred days on; without one, and after one that has passed, for the wait of the sequence;
    /// null = until a user resumes.
    /// </summary>
    private static AbsenceStarted Said(ReceivedMail mail, StepDelay? resumeAfter, Schedule schedule, Instant now)
    {
        var today = now.InZone(schedule.Zone).Date;
        if (mail.Verdict.ReturnDate is { } back && back >= today)
            return new(now, BusinessDays.NextAfter(LocalDate.Min(back, today.PlusDays(KnownAbsences.LongestDays)), schedule).AtStartOfDayInZone(schedule.Zone).ToInstant(), Dated: true, mail.Id);
        Instant? until = resumeAfter is { } wait ? Instant.Min(NextSlot.DelayEnds(now, wait, schedule), now + Duration.FromDays(KnownAbsences.LongestDays)) : null;
        return new(now, until, Dated: false, mail.Id);
    }

    /// <summary>For a person who is in no sequence.</summary>
    private static Schedule Everyday(string? zone)
    {
        var own = (zone is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)) ?? DateTimeZone.Utc;
        return new(own, [], WeekdaysOnly: false, [], EndsOn: null, own);
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
