using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Throttles;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>When an email is predicted to go. <paramref name="OnlyTheDay"/>: so many wait before it that no more than the day can be told.</summary>
internal sealed record Foresight(Instant? At, bool OnlyTheDay);

/// <summary>Predicts when a run's email goes by letting the virtual clock run over all runs that share its limits.</summary>
internal sealed class SendForesight(WaitingLanes lanes, SequenceCatalog sequences)
{
    private static readonly Duration Horizon = Duration.FromDays(800);

    private const string Columns = """
        e.id as Id, e.contact_id as Contact, e.mailbox_id as Mailbox, e.sequence_id as Sequence, e.sequence_version as Version, e.step_id as Step, e.step_next_at as NextAt,
        e.due_at as DueAt, e.since as Since, e.emails_sent as EmailsSent, e.approved as Approved, e.attempts as Attempts, e.lane as Lane, c.email as Email, c.time_zone as TimeZone
        """;

    private const string ActiveSql = $"""
        select {Columns} from enrollment e join contact c on c.id = e.contact_id
        where e.bucket = @bucket and e.state = 'active' and e.phase <> 'sending' and e.next_at is not null and
        """;

    private const string UnderWaySql = $"""
        select {Columns} from outbound_message m join enrollment e on e.bucket = m.bucket and e.id = m.enrollment_id join contact c on c.id = e.contact_id
        where m.bucket = @bucket and e.state = 'active' and e.phase = 'sending' and
        """;

    private const string WaitingSql = $"""
        select {Columns} from enrollment e join contact c on c.id = e.contact_id where e.bucket = @bucket and e.waits_for = 'slot' and
        """;

    private const string BeforeSql = "select count(*) from enrollment where bucket = @bucket and mailbox_id = @mailbox and waits_for = 'slot' and due_at < @due and";

    /// <summary>Predicts when the run's email goes.</summary>
    /// <param name="found">The run, whose step sends by itself and waits for its time or a slot.</param>
    /// <param name="at">When it is taken up, if nothing but time holds it.</param>
    public async Task<Foresight> OfAsync(Session session, DoorCase found, Instant at, Instant now, CancellationToken cancel)
    {
        var run = found.Enrollment;
        var rows = await SlotDesks.LookAsync(session, run.Bucket, [run.Mailbox!.Value], cancel);
        if (rows.Count == 0) return new(at, false);
        var heads = await lanes.ReadAsync(session, rows, SlotDesks.MostCounted + 1, cancel);
        if (run.Position.Phase == Phase.Capped && heads.Count > SlotDesks.MostCounted) return await EstimateAsync(session, found, heads, rows, now, cancel);
        var runs = await RunsAsync(session, rows, cancel);
        if (!runs.ContainsKey(run.Id)) runs[run.Id] = (OfCase(found, at), run.Contact);
        // Not only who waits already has limits: whoever comes later meets those of his sequence and his domain.
        var scope = new DeskScope([.. runs.Values.Select(one => one.Run.Sequence).Distinct()], [.. runs.Values.Select(one => one.Run.Domain).Distinct(StringComparer.Ordinal)]);
        var book = await heads.LookAsync(session, rows, scope, now, cancel);
        var outlooks = (await WithRestsAsync(session, runs.Values, now, cancel)).Select(one => one with { Promise = book.PromiseTo(one.Id) });
        var outlook = new SendingOutlook([book.Mailboxes[run.Mailbox.Value].Desk], outlooks, now, seated: true);
        var seen = outlook.Sends(now + Horizon).FirstOrDefault(one => one.Run.Id == run.Id && one.Step == run.Position.Step);
        return new(seen?.At, false);
    }

    private static async Task<Foresight> EstimateAsync(
        Session session, DoorCase found, LaneHeads heads, IReadOnlyList<SendingMailboxRow> rows, Instant now, CancellationToken cancel)
    {
        var run = found.Enrollment;
        var book = await heads.LookAsync(session, rows, new([found.Sequence], [LimitUse.DomainOf(found.Contact.Email)]), now, cancel);
        var before = await session.FirstAsync<int>($"{BeforeSql} {session.Dialect.IsFalse("frozen")}", new { bucket = run.Bucket, mailbox = run.Mailbox, due = run.Position.DueAt ?? run.Since }, cancel);
        var mailbox = book.Mailboxes[run.Mailbox!.Value];
        var releases = mailbox.Desk.LimitsOf(mailbox.Own, run.Sequence, run.EmailsSent > 0 ? SlotKind.FollowUp : SlotKind.FirstStep, LimitUse.DomainOf(found.Contact.Email))
            .Select(limit => limit.Use(now, before).ReleaseAt).OfType<Instant>().ToList();
        return new(releases.Count == 0 ? null : NextSlot.At(releases.Max(), null, found.Facts.Schedule), OnlyTheDay: true);
    }

    private async Task<Dictionary<EnrollmentId, (OutlookRun Run, ContactId Contact)>> RunsAsync(Session session, IReadOnlyList<SendingMailboxRow> rows, CancellationToken cancel)
    {
        var mine = $"{session.Dialect.IsFalse("e.frozen")} and {session.Dialect.In("e.mailbox_id", "@ids")}";
        var parameters = new { bucket = rows[0].Bucket, ids = session.Dialect.List(rows.Select(row => row.Id.Value)), most = SlotDesks.MostCounted };
        var active = await session.QueryAsync<RunRow>($"{ActiveSql} {mine} order by e.next_at limit @most", parameters, cancel);
        var waiting = await session.QueryAsync<RunRow>($"{WaitingSql} {mine}", parameters, cancel);
        var runs = new Dictionary<EnrollmentId, (OutlookRun, ContactId)>();
        // All of these mailboxes are of one user.
        var hours = rows[0].OwnerHours;
        foreach (var row in active) runs[row.Id] = (await ToRunAsync(session, row, hours, row.NextAt!.Value, cancel) with { Due = row.DueAt }, row.Contact);
        foreach (var row in waiting)
            runs[row.Id] = (await ToRunAsync(session, row, hours, row.DueAt ?? row.Since, cancel) with { WaitsIn = LaneText.Parse(row.Mailbox, row.Lane!).Limit }, row.Contact);
        foreach (var status in new[] { "intended", "handed" })
            foreach (var row in await session.QueryAsync<RunRow>($"{UnderWaySql} m.status = '{status}' and {mine}", parameters, cancel))
                runs[row.Id] = (await ToRunAsync(session, row, hours, row.Since, cancel) with { UnderWay = true }, row.Contact);
        return runs;
    }

    // Contacts of whom no run asks for a rest need not be looked up.
    private static async Task<IReadOnlyList<OutlookRun>> WithRestsAsync(
        Session session, IReadOnlyCollection<(OutlookRun Run, ContactId Contact)> runs, Instant now, CancellationToken cancel)
    {
        var contacts = runs.Where(one => ContactRest.Concerns(one.Run.Sequence)).Select(one => one.Contact).ToHashSet();
        var mailed = await ContactRests.LoadAsync(session, contacts, now, cancel);
        var rests = new Dictionary<ContactId, ContactRest>();
        foreach (var (run, contact) in runs)
            if (contacts.Contains(contact) && !rests.ContainsKey(contact)) rests[contact] = new(mailed.Newest(contact, run.Id, run.Step));
        return [.. runs.Select(one => one.Run with { Rest = rests.GetValueOrDefault(one.Contact) })];
    }

    private async Task<OutlookRun> ToRunAsync(Session session, RunRow row, Schedule? ownerHours, Instant at, CancellationToken cancel)
    {
        var sequence = await sequences.GetAsync(session, row.Sequence, row.Version, cancel);
        return new(row.Id, row.Mailbox, sequence, row.Step ?? sequence.Steps[^1].Id, ContactSchedules.Of(sequence, row.TimeZone, ownerHours), LimitUse.DomainOf(row.Email), at, row.EmailsSent > 0, row.Approved)
        {
            IsRetry = row.Attempts > 0, Through = row.Step is null,
        };
    }

    private static OutlookRun OfCase(DoorCase found, Instant at)
    {
        var run = found.Enrollment;
        return new(run.Id, run.Mailbox!.Value, found.Sequence, run.Position.Step!.Value, found.Facts.Schedule, LimitUse.DomainOf(found.Contact.Email), at,
            run.EmailsSent > 0, run.Position.Approved);
    }

    private sealed class RunRow
    {
        public EnrollmentId Id { get; init; }
        public ContactId Contact { get; init; }
        public MailboxId Mailbox { get; init; }
        public SequenceId Sequence { get; init; }
        public int Version { get; init; }
        public StepId? Step { get; init; }
        public Instant? NextAt { get; init; }
        public Instant? DueAt { get; init; }
        public Instant Since { get; init; }
        public int EmailsSent { get; init; }
        public bool Approved { get; init; }
        public int Attempts { get; init; }
        public string? Lane { get; init; }
        public string Email { get; init; } = "";
        public string? TimeZone { get; init; }
    }
}
