using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Throttles;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;
using Refrain.Engine.Suppressions;

namespace Refrain.Engine.Enrollments;

/// <summary>Carries out the effects of a batch of transitions in the transaction that stores them. What other runs must be told comes back as further knocks.</summary>
internal sealed class DoorEffects(Intents intents, DoorTasks tasks)
{
    private const string OtherOpenRunsSql = """
        select bucket as Bucket, id as Id from enrollment
        where contact_id = @contact and id <> @id and state in ('active', 'pending', 'paused', 'paused_o3', 'failed')
        order by bucket, id
        """;

    // Whose the address is now: it may have been taken from one contact and given to another.
    private const string OpenRunsToSql = """
        select e.bucket as Bucket, e.id as Id from contact c join enrollment e on e.contact_id = c.id
        where c.workspace_id = @workspace and c.email = @address and c.deleted_at is null and e.id <> @id
            and e.state in ('active', 'pending', 'paused', 'paused_o3', 'failed')
        order by e.bucket, e.id
        """;

    // Somebody who was live is through: the first who waits for his place may have it at once.
    private const string LookSql = """
        update mailbox set slots_next_at = @now
        where slots_next_at > @now and bucket in (select number from bucket) and id = (
            select mailbox_id from enrollment where sequence_id = @sequence and waits_for = 'slot' and lane >= @from and lane < @to and {0} order by lane limit 1)
        """;

    public async Task<IReadOnlyList<IReadOnlyList<Knock>>> ApplyAsync(Session session, IReadOnlyList<Move> moves, CancellationToken cancel)
    {
        await CountStepsAsync(session, moves, cancel);
        await LetNextLiveAsync(session, moves, cancel);
        var sends = new List<(Move, SendEmail)>();
        var told = new List<IReadOnlyList<Knock>>();
        var ofTasks = new List<(Move, Effect)>();
        foreach (var move in moves)
            foreach (var effect in move.Transition.Effects)
                switch (effect)
                {
                    case SendEmail send: sends.Add((move, send)); break;
                    case WithdrawEmail withdraw: await intents.WithdrawAsync(session, move, withdraw.Step, cancel); break;
                    case SettleAsAccepted settle: await intents.SettleAsAcceptedAsync(session, move, settle.Step, cancel); break;
                    case RenewMessageId renew: await intents.MarkBouncedAsync(session, move, renew.Step, cancel); break;
                    case RestoreMessage restore: await intents.RestoreAsync(session, move, restore.Step, cancel); break;
                    case MarkAddressBad bad: told.Add(await MarkAddressBadAsync(session, move, bad, cancel)); break;
                    case OptOutContact optOut: told.Add(await OptOutAsync(session, move, optOut, cancel)); break;
                    default: ofTasks.Add((move, effect)); break;
                }
        await tasks.ApplyAsync(session, ofTasks, cancel);
        await intents.SendAsync(session, sends, cancel);
        return [.. told.Where(knocks => knocks.Count > 0)];
    }

    private static async Task LetNextLiveAsync(Session session, IReadOnlyList<Move> moves, CancellationToken cancel)
    {
        var ended = moves.Where(move => !move.After.IsOpen && move.Case.Enrollment.IsOpen && move.Case.Sequence.Settings.MaximumLive is not null);
        foreach (var (sequence, at) in ended.Select(move => (move.After.Sequence, move.Signal.At)).Distinct())
            await session.ExecuteAsync(LookSql.Replace("{0}", session.Dialect.IsFalse("frozen"), StringComparison.Ordinal),
                new { sequence, now = at, from = LaneText.From(LaneLimit.Sequence), to = LaneText.After(LaneText.From(LaneLimit.Sequence)) }, cancel);
    }

    /// <summary>What a move counts for in the funnel of its sequence; null for nothing.</summary>
    public static (int Bucket, SequenceId Sequence, StepId Step, string Outcome)? CountOf(Move move)
    {
        var latest = move.Case.Facts.LatestSentStep;
        (StepId? step, string? outcome) = move.Signal switch
        {
            MessageAccepted accepted => (accepted.Step, "sent"),
            AddressRefused refused => (refused.Step, "bounced"),
            SoftBounced bounced when move.Transition.Kind == TransitionKind.Moved => (bounced.Step, "bounced"),
            HardBounced { OfOwnMessage: true } when move.Transition.Kind == TransitionKind.Moved => (latest, "bounced"),
            Replied { ToOwnMessage: true } when move.Case.Enrollment.State != EnrollmentState.FinishedReplied => (latest, "replied"),
            OptedOut { OwnMessage: true } when move.Transition.Kind == TransitionKind.Moved => (latest, "unsubscribed"),
            _ => ((StepId?)null, null),
        };
        return step is { } counted ? (move.After.Bucket, move.After.Sequence, counted, outcome!) : null;
    }

    private static async Task<IReadOnlyList<Knock>> MarkAddressBadAsync(Session session, Move move, MarkAddressBad effect, CancellationToken cancel)
    {
        await SuppressAsync(session, move, effect.Address.Value, "bounced", effect.Detail ?? "bounce", cancel);
        var others = await session.QueryAsync<RunKey>(
            OpenRunsToSql, new { workspace = move.After.Workspace, address = effect.Address.Value, id = move.After.Id }, cancel);
        return Knocks(others, _ => new HardBounced(move.Signal.At, effect.Address, effect.Detail, OfOwnMessage: false, move.Incoming));
    }

    private static async Task<IReadOnlyList<Knock>> OptOutAsync(Session session, Move move, OptOutContact effect, CancellationToken cancel)
    {
        var reason = effect.Source == OptOutSource.Complaint ? "complained" : "opted_out";
        await SuppressAsync(session, move, move.Case.Contact.Email, reason, effect.Source.WireName(), cancel);
        return await OthersAsync(session, move, _ => new OptedOut(move.Signal.At, move.Signal.By, effect.Source, OwnMessage: false, move.Incoming), cancel);
    }

    private static Task SuppressAsync(Session session, Move move, string value, string reason, string source, CancellationToken cancel) =>
        SuppressionGrounds.AddAsync(session, move.After.Workspace, Guid.CreateVersion7(), value, reason, source, move.Signal.At, move.Incoming, cancel);

    private static async Task<IReadOnlyList<Knock>> OthersAsync(Session session, Move move, Func<Enrollment, Signal> signal, CancellationToken cancel)
    {
        var others = await session.QueryAsync<RunKey>(OtherOpenRunsSql, new { contact = move.After.Contact, id = move.After.Id }, cancel);
        return Knocks(others, signal);
    }

    private static IReadOnlyList<Knock> Knocks(IEnumerable<RunKey> runs, Func<Enrollment, Signal> signal) => [.. runs.Select(run => new Knock(run.Bucket, run.Id, signal))];

    private static Task CountStepsAsync(Session session, IReadOnlyList<Move> moves, CancellationToken cancel) =>
        EnrollmentHistory.CountStepsAsync(session, moves.Select(CountOf).OfType<(int, SequenceId, StepId, string)>(), cancel);
}

/// <summary>Where an enrollment lies.</summary>
internal sealed class RunKey
{
    public int Bucket { get; init; }
    public EnrollmentId Id { get; init; }
}
