namespace Refrain.Core.Enrollments;

/// <summary>A run is given to another mailbox, and with it to that mailbox's user.</summary>
public static partial class EnrollmentMachine
{
    private static Transition ChangeSender(Turn turn, SenderChanged signal)
    {
        if (turn.Run.Mailbox == signal.Mailbox) return turn.NoOp();
        if (turn.Place.Phase == Phase.Sending && turn.Facts.Intent == IntentStage.Handed)
            return turn.Refuse(Reasons.AlreadyHandedOver(turn));
        if (turn.IsUnknown)
            return turn.Refuse(Reasons.UnknownNeedsDecision(turn));
        // What waits for the other mailbox's slot, or lies in its outbox, is due again in the new one.
        var again = turn.Place.Phase is Phase.Capped or Phase.Sending;
        var replaced = turn.Run.Failure is { Cause: FailureCause.MailboxDisconnected or FailureCause.UserDeactivated };
        var next = turn.Run with
        {
            Mailbox = signal.Mailbox, User = signal.User, Failure = replaced ? null : turn.Run.Failure, Position = again ? DueAgain(turn.Place) : turn.Place,
        };
        return turn.Move(next, Reasons.SenderChanged(signal), again ? turn.Leave(TaskEnding.Withdrawn) : []);
    }
}
