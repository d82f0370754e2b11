using NodaTime;
using Refrain.Core.Enrollments;

namespace Refrain.Core.Throttles;

/// <summary>A desk, and when it is worth looking again whether somebody may be let through.</summary>
internal sealed class DeskWatch(SlotDesk desk)
{
    public SlotDesk Desk => desk;
    public Instant? Look { get; set; }

    public void LookAgain(Instant now)
    {
        Look = null;
        foreach (var mailbox in desk.Mailboxes.Keys)
        {
            if (desk.NextLook(mailbox, now, alsoInVain: false) is { } at)
                Look = Look is { } look ? Instant.Min(look, Instant.Max(at, now)) : Instant.Max(at, now);
        }
    }

    public void LookFor(CapUse cap, MailboxId mailbox, Instant now)
    {
        if ((desk.NextLook(mailbox, now, alsoInVain: false) ?? cap.ReleaseAt) is { } next)
            Look = Look is { } look ? Instant.Min(look, next) : next;
    }
}
