namespace Refrain.Core.Enrollments;

/// <summary>The questions at enrollment, in their order.</summary>
public enum Guard
{
    /// <summary>The contact had opted out before.</summary>
    OptedOut,

    /// <summary>His address is known to be bad. Only where the sequence has an email step.</summary>
    AddressBad,

    /// <summary>His address or its domain is suppressed. Only where the sequence has an email step.</summary>
    Suppressed,

    /// <summary>The re-add rule of this sequence forbids it.</summary>
    Readd,

    /// <summary>One sequence at a time forbids it.</summary>
    OneAtATime,

    /// <summary>The sequence has ended, or its windows never open.</summary>
    EndDate,

    /// <summary>He has no usable address. Only where the sequence has an email step.</summary>
    NoAddress,

    /// <summary>A merge field of an automatic step is missing. Only where the sequence has an email step.</summary>
    MissingField,
}

/// <summary>A guard that objects, and the state that it asks for.</summary>
public sealed record GuardHit(Guard Guard, EnrollmentState State, Why Why);

/// <summary>The row to store, whatever the guards said, with all that object: the first gave the state.</summary>
public sealed record Admission(Enrollment Enrollment, IReadOnlyList<GuardHit> Hits, IReadOnlyList<Effect> Effects);
