using Refrain.Core.Enrollments;
using Spectre.Console;

namespace Refrain.Server.Demo;

/// <summary>Draws the rehearsal in the terminal: a table that changes before one's eyes, or a line for each change where the output is no terminal.</summary>
internal sealed class DemoScreen(IAnsiConsole console)
{
    private readonly Dictionary<string, string> shown = new(StringComparer.Ordinal);

    public Table Draw(DateTimeOffset now, IReadOnlyList<(Character Who, string State, string Reason)> runs)
    {
        var table = new Table().Border(TableBorder.Rounded).Title($"[bold]Refrain[/]  a rehearsal; nothing leaves this process.  It is {now:ddd d MMMM, HH:mm}");
        table.AddColumns("Contact", "Habit", "State", "Why");
        foreach (var (who, state, reason) in runs)
            table.AddRow(Markup.Escape($"{who.FirstName} <{who.Email}>"), Markup.Escape(Words(who.Habit)), $"[{Colour(state)}]{Markup.Escape(Display(state))}[/]", Markup.Escape(reason));
        return table;
    }

    public void WriteChanges(DateTimeOffset now, IReadOnlyList<(Character Who, string State, string Reason)> runs)
    {
        foreach (var (who, state, reason) in runs)
            if (shown.GetValueOrDefault(who.Email) != state + reason)
            {
                shown[who.Email] = state + reason;
                console.WriteLine($"{now:ddd d MMM HH:mm}  {who.FirstName,-7} {Display(state),-20} {reason}");
            }
    }

    public void Close(IReadOnlyDictionary<string, int> counts, IReadOnlyDictionary<string, int> fates)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("How it ended").AddColumns("State", "Counted by /stats", "Fates of the cast");
        foreach (var state in EnrollmentStates.All.Select(EnrollmentStates.WireName).Where(state => counts.GetValueOrDefault(state) > 0 || fates.ContainsKey(state)))
            table.AddRow(Display(state), $"{counts.GetValueOrDefault(state)}", $"{fates.GetValueOrDefault(state)}");
        console.Write(table);
    }

    private static string Display(string state) => EnrollmentStates.FromWireName(state).DisplayName();

    private static string Words(Habit habit) => habit switch
    {
        Habit.Answers => "answers",
        Habit.AnswersLate => "answers the second email",
        Habit.IsAway => "is away for four days",
        Habit.HasAFullMailbox => "has a full mailbox",
        Habit.DoesNotExist => "does not exist",
        Habit.WantsNoMail => "unsubscribes",
        Habit.StaysSilent => "stays silent",
    };

    private static string Colour(string state) => EnrollmentStates.FromWireName(state) switch
    {
        EnrollmentState.Active => "green",
        EnrollmentState.Pending or EnrollmentState.Paused or EnrollmentState.PausedO3 => "yellow",
        EnrollmentState.Failed or EnrollmentState.FinishedBounced => "red",
        EnrollmentState.FinishedReplied => "bold green",
        EnrollmentState.Unsubscribed or EnrollmentState.FinishedOptOut => "magenta",
        EnrollmentState.FinishedNoReply or EnrollmentState.Finished or EnrollmentState.FinishedUnenrolled or EnrollmentState.AlreadyEnrolled
            or EnrollmentState.OtherEnrolled => "grey",
    };
}
