using Refrain.Core.Enrollments;

namespace Refrain.Server.Demo;

/// <summary>How somebody in the pretend world takes being written to.</summary>
internal enum Habit
{
    Answers,
    AnswersLate,
    IsAway,
    HasAFullMailbox,
    DoesNotExist,
    WantsNoMail,
    StaysSilent,
}

/// <summary>Somebody in the pretend world, and the state in which his run must end.</summary>
internal sealed record Character(string FirstName, string Email, Habit Habit, EnrollmentState Fate)
{
    public static IReadOnlyList<Character> Cast { get; } =
    [
        new("Ada", "ada@acme.test", Habit.Answers, EnrollmentState.FinishedReplied),
        new("Boris", "boris@acme.test", Habit.AnswersLate, EnrollmentState.FinishedReplied),
        new("Clara", "clara@globex.test", Habit.IsAway, EnrollmentState.FinishedNoReply),
        new("Dmitri", "dmitri@globex.test", Habit.HasAFullMailbox, EnrollmentState.Failed),
        new("Elena", "elena@nowhere.test", Habit.DoesNotExist, EnrollmentState.FinishedBounced),
        new("Farid", "farid@initech.test", Habit.WantsNoMail, EnrollmentState.Unsubscribed),
        new("Greta", "greta@initech.test", Habit.StaysSilent, EnrollmentState.FinishedNoReply),
        new("Hiro", "hiro@acme.test", Habit.StaysSilent, EnrollmentState.FinishedNoReply),
        new("Ines", "ines@globex.test", Habit.Answers, EnrollmentState.FinishedReplied),
        new("Jonas", "jonas@initech.test", Habit.IsAway, EnrollmentState.FinishedNoReply),
        new("Kofi", "kofi@nowhere.test", Habit.DoesNotExist, EnrollmentState.FinishedBounced),
        new("Lena", "lena@acme.test", Habit.AnswersLate, EnrollmentState.FinishedReplied),
    ];
}
