using Refrain.Core.Sequences;

namespace Refrain.Core.Enrollments;

/// <summary>The sentences about going over to another version or another mailbox.</summary>
internal static partial class Reasons
{
    public static Why MovedToVersion(Turn turn, Sequence to, Step? step) => Why.Of(
        "moved_to_version",
        step is null ? $"{Who(turn.Signal.By)} took this contact to version {Text(to.Version)}. All steps are done, as before."
            : $"{Who(turn.Signal.By)} took this contact to version {Text(to.Version)}, where it goes on with {Name(step, capital: false)}.",
        ("version", Text(to.Version)), ("step", Number(step)));

    public static Why StepRemoved(Turn turn, Sequence to, Step? next) => Why.Of(
        turn.Place.Step is null ? "step_added" : "step_removed",
        (turn.Place.Step, next) switch
        {
            (null, Step added) => $"Version {Text(to.Version)} has more steps: this contact goes on with {Name(added, capital: false)}.",
            (not null, Step follows) => $"{Name(turn)} is not in version {Text(to.Version)}: this contact goes on with {Name(follows, capital: false)} there.",
            _ => $"{Name(turn)} is not in version {Text(to.Version)}, and none comes after it.",
        },
        ("version", Text(to.Version)), ("step", Number(next)));

    public static Why SenderChanged(SenderChanged signal) => Why.Of(
        "sender_changed", $"{Who(signal.By)} gave this contact to another mailbox, which sends from now on.", ("mailbox", signal.Mailbox.ToString()), ("user", signal.User.ToString()));

    public static Why NothingSurvives(Turn turn, Sequence to) =>
        Refusal(turn, "nothing_survives", $"version {Text(to.Version)} has none of its steps, so it stays in version {Text(turn.Run.SequenceVersion)}");

    public static Why StepsReordered(Turn turn, Sequence to) =>
        Refusal(turn, "steps_reordered", $"version {Text(to.Version)} has its steps in another order, so it stays in version {Text(turn.Run.SequenceVersion)}");
}
