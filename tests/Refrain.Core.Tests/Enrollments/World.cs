using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>One run with what an engine keeps beside it: the message of the current step, the open tasks, what was sent. It carries out effects and remembers them.</summary>
internal sealed class World
{
    private readonly HashSet<TaskId> open = [];
    private readonly Dictionary<TaskId, Instant> ended = [];
    private readonly Dictionary<StepId, MessageFate> fates = [];
    private readonly Dictionary<StepId, int> sends = [];
    private readonly Dictionary<StepId, int> excuses = [];
    private IntentStage intent;
    private StepId? intentStep;
    private StepId? latestSent;

    public World(Sequence sequence, Instant at)
    {
        Sequence = sequence;
        var run = new NewRun(EnrollmentId.New(), WorkspaceId.New(), 0, UserId.New(), ContactId.New(), MailboxId.New(), 1, at, Actor.Engine);
        Run = EnrollmentGuards.Admit(run, sequence, new(Stage.Always, false, false, null, 0, [], [], true, [], null)).Enrollment;
        Now = at;
    }

    public Sequence Sequence { get; private set; }
    public Enrollment Run { get; private set; }
    public Instant Now { get; set; }
    public bool MayBeOpen { get; set; } = true;
    public Facts Facts => new(Stage.Always, IntentNow, latestSent, MayBeOpen, Fate);

    /// <summary>What the last message that came in did: for a correction.</summary>
    public Undo? Undo { get; private set; }

    private IntentStage IntentNow => Run.Position.Step == intentStep ? intent : IntentStage.None;

    private MessageFate Fate => IntentNow != IntentStage.None ? MessageFate.Open : Run.Position.Step is { } step ? fates.GetValueOrDefault(step) : MessageFate.None;

    /// <summary>The worker took the message: from here on its outcome comes.</summary>
    public void HandOver() => intent = intent == IntentStage.Intended ? IntentStage.Handed : intent;

    public Transition Apply(Signal signal)
    {
        var before = Run;
        var transition = EnrollmentMachine.Decide(before, Sequence, Facts, signal);
        Settle(signal, before);
        foreach (var effect in transition.Effects)
            Carry(effect, signal);
        if (transition.Kind == TransitionKind.Moved && signal is Replied or HardBounced or OptedOut or AbsenceStarted or SoftBounced)
            Undo = new(signal.Kind, Now, transition.Next.State, Layers.Of(before));
        if (signal is Corrected && transition.Kind != TransitionKind.Refused)
            Undo = null;
        Run = transition.Next;
        if (transition.Kind == TransitionKind.Moved && signal is MovedToVersion moved)
            Sequence = moved.To;
        Check(before, transition, signal);
        return transition;
    }

    // An outcome ends the attempt, and some outcomes allow another one.
    private void Settle(Signal signal, Enrollment before)
    {
        var attempted = signal switch
        {
            MessageAccepted one => one.Step,
            MessageDeferred one => one.Step,
            MessageStopped one => one.Step,
            StepFailed one => one.Step,
            OutcomeLost one => one.Step,
            Signal => (StepId?)null,
        };
        if (attempted is { } over && over == intentStep && intent != IntentStage.None)
        {
            intent = IntentStage.None;
            fates[over] = signal switch
            {
                MessageAccepted => MessageFate.Accepted,
                OutcomeLost => MessageFate.Unknown,
                StepFailed => MessageFate.Refused,
                Signal => MessageFate.Again,
            };
        }
        if (signal is MessageAccepted accepted)
            latestSent = accepted.Step;
        if (signal is MessageDeferred or MessageStopped or StepFailed or SoftBounced or Retried && before.Position.Step is { } step)
            Excuse(signal is SoftBounced bounced ? bounced.Step : step);
        if (signal is SoftBounced)
            foreach (var later in Sequence.Steps)
                Excuse(later.Id);
    }

    private void Excuse(StepId step) => excuses[step] = excuses.GetValueOrDefault(step) + 1;

    private void Carry(Effect effect, Signal signal)
    {
        switch (effect)
        {
            case SendEmail send:
                intent.ShouldBe(IntentStage.None, "one message at a time");
                (intent, intentStep) = (IntentStage.Intended, send.Step);
                sends[send.Step] = sends.GetValueOrDefault(send.Step) + 1;
                break;
            case WithdrawEmail withdraw:
                if (intent == IntentStage.Intended)
                {
                    withdraw.Step.ShouldBe(intentStep!.Value);
                    intent = IntentStage.None;
                    fates[withdraw.Step] = MessageFate.Again;
                    Excuse(withdraw.Step);
                }
                break;
            case OpenTask task:
                open.Add(task.Task).ShouldBeTrue();
                break;
            case CloseTask task:
                open.Remove(task.Task).ShouldBeTrue("only an open task is closed");
                ended[task.Task] = signal.At;
                break;
            case CloseTasks:
                foreach (var task in open) ended[task] = signal.At;
                open.Clear();
                break;
            case ReopenTasks reopen:
                if (reopen.Task is { } again && ended[again] == reopen.EndedAt) open.Add(again);
                break;
        }
    }

    private void Check(Enrollment before, Transition transition, Signal signal)
    {
        Invariants.ATransitionIsLawful(before, transition, signal);
        Invariants.AFrozenRunIsFrozen(Run);
        Invariants.OneNextActionOrOneWait(Run);
        open.ShouldBe(Run.Position.Phase == Phase.AtTask ? [Run.Position.Task!.Value] : [], "the open task is the one that the run waits for");
        if (intent == IntentStage.Intended)
            (Run.Position.Phase, Run.Position.Step, Run.IsFree).ShouldBe((Phase.Sending, intentStep, true), "no intent without its run");
        foreach (var (step, count) in sends)
            count.ShouldBeLessThanOrEqualTo(1 + excuses.GetValueOrDefault(step), "a step is sent once, unless something took the first attempt back");
    }
}
