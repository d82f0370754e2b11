using Refrain.Core.Enrollments;
using Refrain.Core.Sending;
using Refrain.Core.Sequences;

namespace Refrain.Core.Tests.Enrollments;

public sealed class NameTests
{
    private delegate bool Parse<T>(string? name, out T value);

    [Fact]
    public void every_name_is_in_snake_case_and_is_read_back()
    {
        ReadsBack<SignalKind>(SignalNames.WireName, SignalNames.TryParse);
        ReadsBack<Phase>(EnrollmentNames.WireName, EnrollmentNames.TryParse);
        ReadsBack<Guard>(EnrollmentNames.WireName, EnrollmentNames.TryParse);
        ReadsBack<OptOutSource>(EnrollmentNames.WireName, EnrollmentNames.TryParse);
        ReadsBack<RemovalRule>(EnrollmentNames.WireName, EnrollmentNames.TryParse);
        ReadsBack<TaskEnding>(EnrollmentNames.WireName, EnrollmentNames.TryParse);
        ReadsBack<FailureCause>(Failure.WireName, Failure.TryParse);
        ReadsBack<EnrollmentState>(EnrollmentStates.WireName, EnrollmentStates.TryParse);
        ReadsBack<StepKind>(SequenceNames.WireName, SequenceNames.TryParse);
        ReadsBack<ReaddRule>(SequenceNames.WireName, SequenceNames.TryParse);
        ReadsBack<StalePolicy>(SequenceNames.WireName, SequenceNames.TryParse);
        ReadsBack<OutcomeAction>(SequenceNames.WireName, SequenceNames.TryParse);
    }

    [Fact]
    public void names_are_what_the_api_promises()
    {
        Enum.GetValues<Wait>().Select(EnrollmentNames.WireName).ShouldBe(["outcome", "slot", "person", "retry", "sender", "resume"]);
        Enum.GetValues<StepKind>().Select(SequenceNames.WireName).ShouldBe(["email", "manual_email", "call", "todo", "reminder"]);
        Enum.GetValues<ReaddRule>().Select(SequenceNames.WireName).ShouldBe(["once", "when_not_active", "any"]);
        Enum.GetValues<StalePolicy>().Select(SequenceNames.WireName).ShouldBe(["ask", "send", "skip"]);
        Enum.GetValues<GateVerdict>().Select(GateNames.WireName).ShouldBe(["pass", "hold", "stop"]);
        Enum.GetValues<Gate>().Select(GateNames.WireName).ShouldBe(
            ["suppression", "state", "predecessor", "sequence_paused", "end_date", "window", "throttle", "mailbox_health", "inbox_fresh"]);
    }

    private static void ReadsBack<T>(Func<T, string> write, Parse<T> read)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            write(value).ShouldMatch("^[a-z][a-z0-9_]*$");
            read(write(value), out var back).ShouldBeTrue();
            back.ShouldBe(value);
        }
        Enum.GetValues<T>().Select(write).ShouldBeUnique();
        read("nonsense", out _).ShouldBeFalse();
        read(null, out _).ShouldBeFalse();
    }
}
