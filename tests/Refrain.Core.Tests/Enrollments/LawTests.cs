using Refrain.Core.Enrollments;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>Each cell of the law against what the machine decides: every row in each of the fourteen states.</summary>
public sealed class LawTests
{
    public static TheoryData<string, EnrollmentState> Cells() =>
        [.. Law.Rows.SelectMany(row => EnrollmentStates.All.Select(state => (row.Name, state)))];

    [Theory]
    [MemberData(nameof(Cells))]
    public void the_machine_follows_the_law(string row, EnrollmentState state)
    {
        var law = Law.Rows.Single(one => one.Name == row);
        var before = law.Stage.Run(state);
        before.State.ShouldBe(state);
        var transition = law.Stage.Decide(state, law.SignalIn(state));
        Found(transition, state).ShouldBe(law.In(state));
    }

    [Fact]
    public void the_law_speaks_of_every_signal() =>
        Law.Rows.Select(row => row.Signal.Kind).Distinct().Order().ShouldBe(Enum.GetValues<SignalKind>());

    [Fact]
    public void the_law_is_complete()
    {
        Law.Rows.ShouldAllBe(row => row.Cells.Length == 7);
        Law.Rows.Select(row => row.Name).ShouldBeUnique();
        EnrollmentStates.All.Count.ShouldBe(14);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void only_a_move_changes_the_run_but_for_the_count_of_its_emails(string row, EnrollmentState state)
    {
        var law = Law.Rows.Single(one => one.Name == row);
        var transition = law.Stage.Decide(state, law.SignalIn(state));
        if (transition.Kind == TransitionKind.Moved) return;
        var before = law.Stage.Run(state);
        var sent = before.EmailsSent + (transition.Kind == TransitionKind.Fact && law.Signal is MessageAccepted ? 1 : 0);
        transition.Next.ShouldBe(before with { EmailsSent = sent, Id = transition.Next.Id, Workspace = transition.Next.Workspace, User = transition.Next.User, Sequence = transition.Next.Sequence, Contact = transition.Next.Contact, Why = transition.Next.Why });
        transition.Recorded.ShouldBe(transition.Kind == TransitionKind.Fact);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void every_answer_has_a_stable_code_and_a_sentence(string row, EnrollmentState state)
    {
        var why = Law.Rows.Single(one => one.Name == row) is var law ? law.Stage.Decide(state, law.SignalIn(state)).Why : null;
        why!.Code.ShouldMatch("^[a-z][a-z_]*$");
        why.Sentence.ShouldEndWith(".");
        why.Sentence.ShouldNotContain("  ");
    }

    private static Cell Found(Transition transition, EnrollmentState before) => transition.Kind switch
    {
        TransitionKind.Moved => transition.Next.State == before ? new Cell.Stays() : new Cell.To(transition.Next.State),
        TransitionKind.Fact => new Cell.Fact(),
        TransitionKind.NoOp => transition.Why.Code == "cannot_happen" ? new Cell.Never() : new Cell.NoOp(),
        TransitionKind.Refused => new Cell.Refused(),
    };
}
