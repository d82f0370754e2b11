using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sending;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;
using Wire = Refrain.Contracts;

namespace Refrain.Engine.Enrollments;

/// <summary>Answers "why has this not been sent?" with the very gates that the engine asks before it sends.</summary>
public sealed class WhyQueries
{
    private readonly Database database;
    private readonly DoorFacts facts;
    private readonly SendForesight foresight;
    private readonly TimeProvider time;

    internal WhyQueries(Database database, DoorFacts facts, SendForesight foresight, TimeProvider time) =>
        (this.database, this.facts, this.foresight, this.time) = (database, facts, foresight, time);

    private const string SequencePaused = "The whole sequence is paused.";
    // No row, not a null in one: a single value that is null does not reach Dapper's handler of instants.
    private const string PausedSql = "select paused_at from sequence where id = @sequence and paused_at is not null";

    /// <summary>Null = no such enrollment.</summary>
    public Task<EnrollmentWhy?> OfAsync(WorkspaceId workspace, EnrollmentId id, CancellationToken cancel) => database.ReadAsync(
        async session =>
        {
            var cases = await facts.LoadAsync(session, workspace, [new Knock(null, id, _ => null)], cancel);
            return cases.TryGetValue(id, out var found) ? await AnswerAsync(session, found, cancel) : null;
        },
        cancel);

    private async Task<EnrollmentWhy> AnswerAsync(Session session, DoorCase found, CancellationToken cancel)
    {
        var (run, now) = (found.Enrollment, time.Now());
        var pausedSince = await session.FirstAsync<Instant?>(PausedSql, new { sequence = run.Sequence }, cancel);
        if (!run.IsOpen || run.Position.Step is not { } stepId || found.Sequence.Find(stepId) is not { } step)
            return new(run.State.WireName(), Sentence(run, null, pausedSince, null), [], pausedSince is null ? run.NextAt?.ToDateTimeOffset() : null);
        var foreseen = pausedSince is null ? await ForeseeAsync(session, found, step, now, cancel) : null;
        var gates = step.IsEmail ? await GatesAsync(session, found, step, pausedSince, foreseen, now, cancel) : TaskGates(run, pausedSince);
        var blocking = SendGates.Blocking(gates);
        var predicted = pausedSince is not null || blocking?.Verdict == Core.Sending.GateVerdict.Stop ? null
            // A mailbox that is disconnected has until then to come back.
            : step.IsEmail ? foreseen?.At
            : run.NextAt;
        return new(run.State.WireName(), Sentence(run, blocking, pausedSince, foreseen), [.. gates.Select(Shown)], predicted?.ToDateTimeOffset());
    }

    /// <summary>Null where the run waits for a person, or for nobody knows what.</summary>
    private async Task<Foresight?> ForeseeAsync(Session session, DoorCase found, Step step, Instant now, CancellationToken cancel)
    {
        var run = found.Enrollment;
        var asks = step.Kind == Core.Sequences.StepKind.ManualEmail && !run.Position.Approved;
        if (!step.IsEmail || run.Mailbox is null || run.Failure is not null || run.Position.Phase == Phase.AtTask || TakenUpAt(found, step, now) is not { } at) return null;
        return asks || run.Position.Phase == Phase.Sending ? new(at, false) : await foresight.OfAsync(session, found, at, now, cancel);
    }

    // A hold with an end freezes the delay: what is left of it runs from that end on.
    private static Instant? TakenUpAt(DoorCase found, Step step, Instant now)
    {
        var (run, place) = (found.Enrollment, found.Enrollment.Position);
        if (run.Pause is null && run.Absence is null) return Instant.Max(place.NextAt ?? now, now);
        var until = new[] { run.Pause, run.Absence }.OfType<Hold>().Select(hold => hold.Until ?? Instant.MaxValue).Max();
        if (until == Instant.MaxValue) return null;
        return NextSlot.At(Instant.Max(until, now) + (place.Remaining ?? Duration.Zero), place.DueAt is null ? step.At : null, found.Facts.Schedule);
    }

    private async Task<IReadOnlyList<GateResult>> GatesAsync(
        Session session, DoorCase found, Step step, Instant? pausedSince, Foresight? foreseen, Instant now, CancellationToken cancel)
    {
        var (run, address) = (found.Enrollment, found.Contact.Email);
        var suppressions = await KnownSuppressions.LoadAsync(session, run.Workspace, [address], cancel);
        var mailbox = run.Mailbox is { } id ? await MailboxAsync(session, found, id, now, cancel) : null;
        var request = mailbox is null ? null : DueSteps.RequestOf(found, mailbox.Promise);
        var answer = request is null || run.Position.Phase == Phase.Sending ? new SlotAnswer.Go() : mailbox!.Sender.Desk.Ask(request, now);
        var caps = (run.Position.Cap is { } own ? [Fresh(own, mailbox?.Sender, request, now)] : (answer as SlotAnswer.Wait)?.Full ?? [])
            .Select(cap => foreseen?.At is { } at ? cap with { ReleaseAt = at } : cap).ToList();
        var plan = run.Position.Cap is null ? answer as SlotAnswer.Plan : null;
        return SendGates.Evaluate(new(
            now, run.Position.NextAt ?? run.Position.DueAt ?? now, run, step, found.Facts.Schedule, suppressions.OptedOut(address), suppressions.SuppressedBy(address),
            found.PredecessorSettled, pausedSince, caps, plan?.At, mailbox?.Sender.Health ?? Core.Mailboxes.MailboxHealth.Unhealthy,
            mailbox is null ? "The mailbox was removed." : mailbox.Sender.HealthReason, mailbox?.Sender.HealthSince, mailbox?.Sender.ReadAt, Manual: false, plan));
    }

    private static async Task<SenderFound?> MailboxAsync(Session session, DoorCase found, MailboxId id, Instant now, CancellationToken cancel)
    {
        var rows = await SlotDesks.LookAsync(session, found.Enrollment.Bucket, [id], cancel);
        var book = await SlotDesks.LoadAsync(session, rows, new([found.Sequence], [LimitUse.DomainOf(found.Contact.Email)]), now, cancel);
        return book.Mailboxes.TryGetValue(id, out var mailbox) ? new(mailbox, book.PromiseTo(found.Enrollment.Id)) : null;
    }

    // The limit that it waits for as it is now; a limit that was lifted meanwhile as it was.
    private static CapUse Fresh(CapUse own, SendingMailbox? mailbox, SlotRequest? request, Instant now) =>
        request is not null && mailbox!.Desk.LimitsOf(mailbox.Own, request.Sequence.Id, request.Kind, request.Domain).FirstOrDefault(limit => limit.Name == own.Name) is { } limit
            ? own with { Used = limit.Used(now), Limit = limit.Cap } : own;

    // A task has nothing to pass but its time and a person.
    private static IReadOnlyList<GateResult> TaskGates(Core.Enrollments.Enrollment run, Instant? pausedSince) =>
    [
        new(Core.Sending.Gate.State, Core.Sending.GateVerdict.Hold, run.Why, run.Since, run.NextAt),
        pausedSince is { } since
            ? new(Core.Sending.Gate.SequencePaused, Core.Sending.GateVerdict.Hold, Why.Of("sequence_paused", SequencePaused), since, null)
            : new(Core.Sending.Gate.SequencePaused, Core.Sending.GateVerdict.Pass, Why.Of("sequence_runs", "The sequence runs."), null, null),
    ];

    private static string Sentence(Core.Enrollments.Enrollment run, GateResult? blocking, Instant? pausedSince, Foresight? foreseen) => string.Join(' ', new[]
    {
        // What was expected when the limit was met may have changed since; the gate says what is expected now.
        run.State == EnrollmentState.Pending && blocking?.Gate == Core.Sending.Gate.Throttle ? null : run.Why.Sentence,
        run.IsOpen && pausedSince is not null ? SequencePaused : null,
        blocking?.Gate is Core.Sending.Gate.SequencePaused ? null : blocking?.Why.Sentence,
        foreseen is { OnlyTheDay: true } ? "More than 10,000 wait for the same mailbox, so this is sure to about a day." : null,
    }.OfType<string>().Distinct(StringComparer.Ordinal));

    private static Wire.Gate Shown(GateResult result) => new(
        result.Gate.WireName(), WireName.Parse<Wire.GateVerdict>(result.Verdict.WireName()), result.Verdict == Core.Sending.GateVerdict.Pass ? null : result.Why.Sentence,
        result.Since?.ToDateTimeOffset(), result.Until?.ToDateTimeOffset());

    private sealed record SenderFound(SendingMailbox Sender, Instant? Promise);
}
