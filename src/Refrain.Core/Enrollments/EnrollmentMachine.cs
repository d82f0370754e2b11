using Refrain.Core.Sequences;

namespace Refrain.Core.Enrollments;

/// <summary>The law: what each signal does to an enrollment in each state. Pure; the signal brings the time.</summary>
public static partial class EnrollmentMachine
{
    /// <summary>What the signal does to the enrollment, with the effects that belong into the same transaction.</summary>
    public static Transition Decide(Enrollment enrollment, Sequence sequence, Facts facts, Signal signal) => throw new NotSupportedException($"{enrollment}{sequence}{facts}{signal}");
}
