using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Sending;
using Refrain.Core.Sequences;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;
using Wire = Refrain.Contracts;

namespace Refrain.Engine.Enrollments;

/// <summary>Answers "why has this not been sent?" with the very gates that the engine asks before it sends.</summary>
public sealed class WhyQueries
{
    private readonly Database database;
    private readonly DoorFacts facts;
    private readonly MailboxCapsReader capsReader;
    private readonly TimeProvider time;

    internal WhyQueries(Database database, DoorFacts facts, MailboxCapsReader capsReader, TimeProvider time) =>
        (this.database, this.facts, this.capsReader, this.time) = (database, facts, capsReader, time);

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
        var run = found.Enrollment;
        var pausedSince = await session.FirstAsync<Instant?>(PausedSql, new { sequence = run.Sequence }, cancel);
        var gates = run.IsOpen && run.Position.Step is { } stepId && found.Sequence.Find(stepId) is { } step
            ? step.IsEmail ? await GatesAsync(session, found, step, pausedSince, cancel) : TaskGates(run, pausedSince)
            : [];
        var blocking = SendGates.Blocking(gates);
        return new(run.State.WireName(), Sentence(run, blocking, pausedSince), [.. gates.Select(Shown)], Predicted(run, blocking, pausedSince)?.ToDateTimeOffset());
    }

    private async Task<IReadOnlyList<GateResult>> GatesAsync(Session session, DoorCase found, Step step, Instant? pausedSince, CancellationToken cancel)
    {
        var (run, address, now) = (found.Enrollment, found.Contact.Email, time.Now());
        var suppressions = await KnownSuppressions.LoadAsync(session, run.Workspace, [address], cancel);
        var caps = run.Mailbox is { } mailbox ? (await capsReader.LockAsync(session, run.Bucket, [mailbox], now, cancel)).GetValueOrDefault(mailbox) : null;
        return SendGates.Evaluate(new(
            now, run.Position.NextAt ?? run.Position.DueAt ?? now, run, step, found.Facts.Schedule, suppressions.OptedOut(address), suppressions.SuppressedBy(address),
            found.PredecessorSettled, pausedSince, run.Position.Cap is { } own ? [own] : caps?.Full ?? [], caps?.GapUntil, caps?.Health ?? Core.Mailboxes.MailboxHealth.Unhealthy,
            caps is null ? "The mailbox was removed." : caps.HealthReason, caps?.HealthSince, caps?.ReadAt, Manual: false));
    }

    // A task has nothing to pass but its time and a person.
    private static IReadOnlyList<GateResult> TaskGates(Core.Enrollments.Enrollment run, Instant? pausedSince) =>
    [
        new(Core.Sending.Gate.State, Core.Sending.GateVerdict.Hold, run.Why, run.Since, run.NextAt),
        pausedSince is { } since
            ? new(Core.Sending.Gate.SequencePaused, Core.Sending.GateVerdict.Hold, Why.Of("sequence_paused", SequencePaused), since, null)
            : new(Core.Sending.Gate.SequencePaused, Core.Sending.GateVerdict.Pass, Why.Of("sequence_runs", "The sequence runs."), null, null),
    ];

    private static string Sentence(Core.Enrollments.Enrollment run, GateResult? blocking, Instant? pausedSince) => string.Join(' ', new[]
    {
        run.Why.Sentence,
        run.IsOpen && pausedSince is not null ? SequencePaused : null,
        blocking?.Gate is Core.Sending.Gate.SequencePaused ? null : blocking?.Why.Sentence,
    }.OfType<string>().Distinct(StringComparer.Ordinal));

    // Nobody knows when a paused sequence is resumed.
    private static Instant? Predicted(Core.Enrollments.Enrollment run, GateResult? blocking, Instant? pausedSince) =>
        pausedSince is not null || blocking?.Verdict == Core.Sending.GateVerdict.Stop ? null : Later(blocking?.Until, run.NextAt);

    private static Instant? Later(Instant? one, Instant? other) => one is null ? other : other is null ? one : Instant.Max(one.Value, other.Value);

    private static Wire.Gate Shown(GateResult result) => new(
        result.Gate.WireName(), WireName.Parse<Wire.GateVerdict>(result.Verdict.WireName()), result.Verdict == Core.Sending.GateVerdict.Pass ? null : result.Why.Sentence,
        result.Since?.ToDateTimeOffset(), result.Until?.ToDateTimeOffset());
}
