using System.Text;
using Refrain.Core.Enrollments;
using Refrain.Testing;

namespace Refrain.Core.Tests.Enrollments;

/// <summary>docs/lifecycle.md: what the machine decides, asked cell by cell.</summary>
internal static class LifecyclePage
{
    private static readonly EnrollmentState[] Columns =
    [
        EnrollmentState.Active, EnrollmentState.Pending, EnrollmentState.Paused, EnrollmentState.PausedO3, EnrollmentState.Failed, EnrollmentState.FinishedNoReply, EnrollmentState.FinishedReplied,
    ];

    public static string File { get; } = Path.Combine(SolutionFolder.Path, "docs", "lifecycle.md");

    public static string Render()
    {
        var page = new StringBuilder();
        page.Append(Introduction).Append(Diagram()).Append(Headings);
        foreach (var row in Law.Rows)
            page.Append("| ").Append(row.Name).Append(" | ").AppendJoin(" | ", Columns.Select(state => Cell(row, state))).Append(" |\n");
        return page.Append(Legend).ToString();
    }

    private const string Introduction = """
        # The life of an enrollment

        This page is made from the code: each arrow and each cell is what `EnrollmentMachine.Decide` answers. A test compares them;
        `REFRAIN_ACCEPT=1 bin/test Core` writes the page anew.

        An enrollment is always in exactly one of fourteen states. Five are open: Active, Pending, Paused, Paused O3, Failed. The state is read off layers: a verdict, else a
        pause, else an absence, else a failure, else the place in the sequence. A hold therefore covers what lies beneath and keeps it true.


        """;

    private const string Headings = """

        ## Every signal in every state

        | Signal | Active | Pending | Paused | Paused O3 | Failed | Finished, Finished (No Reply) | The other closed states |
        |---|---|---|---|---|---|---|---|

        """;

    private const string Legend = """

        A state's name: the enrollment moves there. *moves*: the state stays, and its place, a date or something beneath the hold changes. *fact*: a line in the timeline.
        *no-op*: not even that. *refused*: the caller is told why. –: cannot happen; the reason `cannot_happen` says so, and nothing changes.

        Three states are entered at enrollment only, when a guard rejects it: Finished (Opt-out), Already Enrolled, Other Enrolled.

        """;

    private static string Cell(LawRow row, EnrollmentState state)
    {
        var transition = row.Stage.Decide(state, row.SignalIn(state));
        return transition.Kind switch
        {
            TransitionKind.Moved => transition.Next.State == state ? "*moves*" : transition.Next.State.DisplayName(),
            TransitionKind.Fact => "*fact*",
            TransitionKind.NoOp => transition.Why.Code == "cannot_happen" ? "–" : "*no-op*",
            TransitionKind.Refused => "*refused*",
        };
    }

    /// <summary>What takes a run out of each open state alike is one arrow from all of them.</summary>
    private static string Diagram()
    {
        var arrows = Arrows();
        var diagram = new StringBuilder("```mermaid\nstateDiagram-v2\n");
        foreach (var state in EnrollmentStates.All)
            diagram.Append("    ").Append(state).Append(": ").Append(state.DisplayName()).Append('\n');
        diagram.Append("    state Open {\n        [*] --> Active: enrolled\n");
        foreach (var arrow in arrows.Where(arrow => arrow.To.IsOpen() && arrow.From.IsOpen()).GroupBy(arrow => (arrow.From, arrow.To)))
            diagram.Append("        ").Append(Arrow(arrow.Key.From.ToString(), arrow.Key.To, arrow.Select(one => one.Kind)));
        diagram.Append("    }\n");
        foreach (var arrow in arrows.Where(arrow => !arrow.To.IsOpen() || !arrow.From.IsOpen()).GroupBy(arrow => (From: Origin(arrow, arrows), arrow.To)))
            diagram.Append("    ").Append(Arrow(arrow.Key.From, arrow.Key.To, arrow.Select(one => one.Kind)));
        return diagram.Append("```\n").ToString();
    }

    private static HashSet<(EnrollmentState From, EnrollmentState To, SignalKind Kind)> Arrows() =>
    [
        .. from row in Law.Rows
           from state in Columns
           let transition = row.Stage.Decide(state, row.SignalIn(state))
           where transition.Kind == TransitionKind.Moved && transition.Next.State != state
           select (state, transition.Next.State, row.Signal.Kind),
    ];

    private static string Origin(
        (EnrollmentState From, EnrollmentState To, SignalKind Kind) arrow, HashSet<(EnrollmentState From, EnrollmentState To, SignalKind Kind)> arrows) =>
        arrow.From.IsOpen() && Columns.Where(state => state.IsOpen()).All(state => arrows.Contains((state, arrow.To, arrow.Kind))) ? "Open" : arrow.From.ToString();

    private static string Arrow(string from, EnrollmentState to, IEnumerable<SignalKind> kinds) =>
        $"{from} --> {to}: {string.Join(", ", kinds.Distinct().Select(kind => kind.WireName().Replace('_', ' ')))}\n";
}
