using NodaTime;

namespace Refrain.Core.Enrollments;

/// <summary>Root causes of Failed. The failure desk groups by them.</summary>
public enum FailureCause
{
    /// <summary>An automatic step's email uses a merge field that this contact does not have.</summary>
    MissingField,

    /// <summary>The step's template cannot be rendered for this contact: it is at fault itself, or goes beyond a limit with the contact's values.</summary>
    BrokenTemplate,

    /// <summary>The contact has no usable address.</summary>
    NoAddress,

    /// <summary>The receiving side would not take it: a soft bounce, a refusal for another reason than the address, or all retries spent.</summary>
    Delivery,

    /// <summary>The sender is the cause: policy, spam verdict, authentication (5.7.x). The address is not marked bad.</summary>
    Sender,

    /// <summary>The mailbox cannot be read or cannot send. Comes back by itself.</summary>
    MailboxDisconnected,

    /// <summary>The user who owns the mailbox was deactivated. Comes back when the user does, or is replaced.</summary>
    UserDeactivated,

    /// <summary>The message was handed over and no answer came: it may have been delivered. Only a person or a copy of the message settles it.</summary>
    OutcomeUnknown,
}

/// <summary>Why an enrollment is Failed, or is so beneath a hold. <paramref name="Detail"/>: the server's words, the field's name.</summary>
public sealed record Failure(FailureCause Cause, string? Detail, Instant Since)
{
    public static string WireName(FailureCause cause) => cause switch
    {
        FailureCause.MissingField => "missing_field",
        FailureCause.BrokenTemplate => "broken_template",
        FailureCause.NoAddress => "no_address",
        FailureCause.Delivery => "delivery",
        FailureCause.Sender => "sender",
        FailureCause.MailboxDisconnected => "mailbox_disconnected",
        FailureCause.UserDeactivated => "user_deactivated",
        FailureCause.OutcomeUnknown => "outcome_unknown",
    };

    public static bool TryParse(string? wireName, out FailureCause cause)
    {
        foreach (var candidate in Enum.GetValues<FailureCause>())
            if (WireName(candidate) == wireName)
            {
                cause = candidate;
                return true;
            }
        cause = default;
        return false;
    }
}
