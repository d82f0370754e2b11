using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Virtual;

/// <summary>The throttles of a mailbox.</summary>
internal sealed record VirtualMailbox(MailboxId Id, int? DailyCap, int? HourlyCap, SendGap Gap, RampUp? Ramp = null, int? DomainCap = null);

/// <summary>The desk of one user, filled anew from what was accepted and promised, as the engine fills it from the database.</summary>
internal sealed class VirtualDesk(IReadOnlyList<VirtualMailbox> mailboxes, int? userCap)
{
    private static readonly Duration Day = Duration.FromHours(24);
    private readonly List<(VirtualRun Run, Instant At, bool First)> accepted = [];
    private readonly Dictionary<string, Instant> paces = [];
    private readonly Dictionary<string, SendLimit> limits = [];
    private readonly Dictionary<MailboxId, Instant?> rests = [];
    private FairQueue fair = FairQueue.Empty;

    public IReadOnlyList<VirtualMailbox> Mailboxes => mailboxes;

    public void Accept(VirtualRun run, Instant at) => accepted.Add((run, at, run.Kind == SlotKind.FirstStep));

    /// <summary>What a turn leaves behind.</summary>
    public void Keep(SlotDesk desk)
    {
        fair = desk.Fair;
        foreach (var mailbox in desk.Mailboxes.Values)
            rests[mailbox.Id] = mailbox.Calendar.RestsUntil;
        foreach (var (scope, limit) in limits)
        {
            if (limit.PacedUntil is { } until)
                paces[scope] = until;
        }
    }

    /// <summary>The desk as it stands.</summary>
    /// <param name="runs">All runs; those that wait for a slot take their places in the lanes, if they are to.</param>
    /// <param name="now">The instant.</param>
    /// <param name="seated">Those who wait stand in their lanes.</param>
    public SlotDesk Fill(IReadOnlyList<VirtualRun> runs, Instant now, bool seated)
    {
        limits.Clear();
        accepted.RemoveAll(one => one.At < now - Duration.FromDays(3));
        var user = userCap is { } most ? Limit("user", LimitNames.UserDaily, most, Day, runs, _ => true) : null;
        var desks = mailboxes.Select(mailbox => DeskOf(mailbox, runs)).ToList();
        var sequences = runs.Select(run => run.Sequence).DistinctBy(sequence => sequence.Id).ToDictionary(sequence => sequence.Id, sequence => FirstSteps(sequence, runs));
        var desk = new SlotDesk(user, desks, sequences, fair);
        foreach (var run in runs.Where(run => seated && run.Enrollment.Position.Phase == Phase.Capped && run.Enrollment.State == EnrollmentState.Pending))
            desk.Enqueue(run.Request, new([new(run.LimitName!, 0, 0, null)]), run.Enrollment.Position.DueAt!.Value);
        return desk;
    }

    private MailboxDesk DeskOf(VirtualMailbox mailbox, IReadOnlyList<VirtualRun> runs)
    {
        var day = Limit($"day {mailbox.Id}", LimitNames.MailboxDaily, mailbox.DailyCap ?? int.MaxValue, Day, runs, run => run.Mailbox == mailbox);
        var own = new List<SendLimit>();
        if (mailbox.DailyCap is not null) own.Add(day);
        if (mailbox.HourlyCap is { } hourly) own.Add(Limit($"hour {mailbox.Id}", LimitNames.MailboxHourly, hourly, Duration.FromHours(1), runs, run => run.Mailbox == mailbox));
        var calendar = new SendCalendar(mailbox.Gap, rests.GetValueOrDefault(mailbox.Id));
        foreach (var run in runs.Where(run => run.Mailbox == mailbox && run.GoodPromise is not null && run.GoodPromise != run.Enrollment.Position.DueAt))
            calendar.Plan(run.GoodPromise!.Value, SlotRequest.SeedOf(run.Enrollment.Id));
        var ramp = mailbox is { Ramp: { } grows, DailyCap: { } full } ? new RampedCap(grows with { Full = full }, DateTimeZone.Utc) : null;
        var desk = new MailboxDesk(mailbox.Id, day, own, calendar, ramp);
        foreach (var domain in runs.Where(run => run.Mailbox == mailbox && mailbox.DomainCap is not null).Select(run => run.Domain).Distinct())
            desk.Domains[domain] = Limit($"domain {mailbox.Id} {domain}", LimitNames.DomainDaily, mailbox.DomainCap!.Value, Day, runs, run => run.Mailbox == mailbox && run.Domain == domain);
        return desk;
    }

    private IReadOnlyList<SendLimit> FirstSteps(Sequence sequence, IReadOnlyList<VirtualRun> runs)
    {
        var own = new List<SendLimit>();
        bool IsOfSequence(VirtualRun run) => run.Sequence.Id == sequence.Id;
        if (sequence.Settings.NewContactsPerDay is { } fresh)
            own.Add(Limit($"new {sequence.Id}", LimitNames.SequenceNewContacts, fresh, Day, runs, IsOfSequence, firstOnly: true));
        if (sequence.Settings.MaximumLive is { } most)
        {
            var live = new SendLimit(LimitNames.SequenceLive, most, null, [new(default, runs.Count(run => IsOfSequence(run) && run.Enrollment is { IsOpen: true, EmailsSent: > 0 }))]);
            foreach (var run in runs.Where(run => IsOfSequence(run) && run.Kind == SlotKind.FirstStep && run.GoodPromise is not null))
                live.Count(run.GoodPromise!.Value);
            own.Add(live);
        }
        return own;
    }

    private SendLimit Limit(string scope, string name, int cap, Duration window, IReadOnlyList<VirtualRun> runs, Func<VirtualRun, bool> concerns, bool firstOnly = false)
    {
        var counts = accepted.Where(one => concerns(one.Run) && (one.First || !firstOnly)).GroupBy(one => one.At.ToUnixTimeSeconds() / 60).OrderBy(minute => minute.Key)
            .Select(minute => new MinuteCount(Instant.FromUnixTimeSeconds(minute.Key * 60), minute.Count()));
        var limit = new SendLimit(name, cap, window, counts, paces.TryGetValue(scope, out var until) ? until : null);
        foreach (var run in runs.Where(run => concerns(run) && run.GoodPromise is not null && (run.Kind == SlotKind.FirstStep || !firstOnly)))
            limit.Count(run.GoodPromise!.Value);
        return limits[scope] = limit;
    }
}
