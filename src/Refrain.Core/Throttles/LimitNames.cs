namespace Refrain.Core.Throttles;

/// <summary>The stable names of limits, as <see cref="Enrollments.CapUse"/> and the wire format have them.</summary>
public static class LimitNames
{
    /// <summary>All mailboxes of a user, in any 24 hours.</summary>
    public const string UserDaily = "user_daily";

    /// <summary>A mailbox, in any 24 hours.</summary>
    public const string MailboxDaily = "mailbox_daily";

    /// <summary>A mailbox, in any hour.</summary>
    public const string MailboxHourly = "mailbox_hourly";

    /// <summary>First emails of a sequence, in any 24 hours.</summary>
    public const string SequenceNewContacts = "sequence_new_contacts";

    /// <summary>Contacts of a sequence who have had an email and are not through.</summary>
    public const string SequenceLive = "sequence_live";

    /// <summary>One recipient domain from one mailbox, in any 24 hours.</summary>
    public const string DomainDaily = "domain_daily";
}
