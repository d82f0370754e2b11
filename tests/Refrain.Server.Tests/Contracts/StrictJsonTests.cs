using System.Text;
using Refrain.Contracts;
using Refrain.Core.Enrollments;

namespace Refrain.Server.Tests.Contracts;

public sealed class StrictJsonTests
{
    [Fact]
    public void what_is_right_is_read_with_its_defaults()
    {
        var read = Read<SequenceText>("""{"name":"Intro","settings":{"resumeAfter":null,"windows":[{"days":["mon"],"from":"09:00","to":"17:00"}]},"steps":[{"kind":"manual_email"}]}""");
        read.Errors.ShouldBeEmpty();
        read.Value!.Settings.ResumeAfter.ShouldBeNull();
        read.Value.Settings.LateReplyWait.ShouldBe(new Delay(0, DelayUnit.Days));
        read.Value.Settings.Readd.ShouldBe(ReaddRule.WhenNotActive);
        read.Value.Settings.Windows[0].From.ShouldBe(new TimeOnly(9, 0));
        read.Value.Steps[0].Kind.ShouldBe(StepKind.ManualEmail);
    }

    [Fact]
    public void every_misfit_is_named_at_once_with_its_place()
    {
        var read = Read<SequenceText>("""{"nmae":"x","settings":{"weight":"1","readd":"often","endsOn":"4.1.2027"},"steps":[{"kind":"email","at":"9:30"},{"delay":{"value":1.5}},7,null]}""");
        read.Errors.Select(error => $"{error.Field}: {error.Code}").ShouldBe(
        [
            "nmae: unknown_member", "settings.weight: wrong_type", "settings.readd: invalid_value", "settings.endsOn: invalid_value", "steps[0].at: invalid_value",
            "steps[1].delay.value: wrong_type", "steps[1].delay.unit: required", "steps[1].kind: required", "steps[2]: wrong_type", "steps[3]: null_not_allowed", "name: required",
        ]);
    }

    [Fact]
    public void a_wrong_value_is_answered_with_what_is_allowed()
    {
        Read<Bulk>("""{"action":"explode"}""").Errors.ShouldHaveSingleItem().Message.ShouldBe("action must be one of pause, resume, retry, skip, unenroll, finish, not \"explode\".");
        Read<EnrollmentFilter>("""{"state":"activ"}""").Errors.ShouldHaveSingleItem().Message.ShouldContain("active, pending, paused, paused_o3");
    }

    [Theory]
    [InlineData("""{"email":"a\u0000b"}""", "invalid_text")]
    [InlineData("""{"email":"\ud800"}""", "invalid_text")]
    [InlineData("""{"email":"a","email":"b"}""", "repeated_member")]
    [InlineData("""{"email":null}""", "null_not_allowed")]
    [InlineData("""{"Email":"a"}""", "unknown_member")]
    [InlineData("""["email"]""", "wrong_type")]
    [InlineData("", "required")]
    public void what_a_serialiser_would_let_pass_is_refused(string json, string code) =>
        Read<ContactDetails>(json).Errors[0].Code.ShouldBe(code);

    [Theory]
    [InlineData("2027-01-04T09:30:00Z", true)]
    [InlineData("2027-01-04T09:30:00.5+01:00", true)]
    [InlineData("2027-01-04T09:30:00", false)]
    [InlineData("2027-01-04", false)]
    [InlineData("2027-02-30T09:30:00Z", false)]
    [InlineData("tomorrow", false)]
    public void an_instant_names_its_offset(string text, bool right) => (Read<Pause>($$"""{"until":"{{text}}"}""").Value is not null).ShouldBe(right);

    [Fact]
    public void broken_json_is_answered_with_its_place()
    {
        Read<Pause>("{\n  \"until\": nope\n}").Malformed.ShouldNotBeNull().ShouldStartWith("The body is not JSON. Line 2, column 13:");
        Read<Pause>(new string('[', 100)).Malformed.ShouldNotBeNull();
    }

    [Fact]
    public void bytes_that_are_no_text_do_not_break_the_reader() =>
        StrictJson.Read<ContactDetails>("{\"email\":\""u8.ToArray().Concat<byte>([0xC3, 0x28]).Concat("\"}"u8.ToArray()).ToArray()).Errors.ShouldNotBeEmpty();

    [Fact]
    public void the_names_that_the_engine_owns_are_the_engines()
    {
        new StateNameAttribute().Names.ShouldBe(EnrollmentStates.All.Select(state => state.WireName()));
        new CauseNameAttribute().Names.ShouldBe(Enum.GetValues<FailureCause>().Select(Failure.WireName));
        new WaitNameAttribute().Names.ShouldBe(Enum.GetValues<Wait>().Select(wait => wait.WireName()));
    }

    [Theory]
    [InlineData(typeof(DelayUnit), typeof(Core.Schedules.DelayUnit))]
    [InlineData(typeof(ReaddRule), typeof(Core.Sequences.ReaddRule))]
    [InlineData(typeof(StalePolicy), typeof(Core.Sequences.StalePolicy))]
    [InlineData(typeof(StepKind), typeof(Core.Sequences.StepKind))]
    [InlineData(typeof(OutcomeAction), typeof(Core.Sequences.OutcomeAction))]
    [InlineData(typeof(SaveToSent), typeof(Core.Mailboxes.SaveToSent))]
    [InlineData(typeof(MailboxHealth), typeof(Core.Mailboxes.MailboxHealth))]
    public void an_enum_of_the_wire_has_the_members_of_its_twin(Type wire, Type core) => Enum.GetNames(wire).ShouldBe(Enum.GetNames(core));

    private static StrictBody<T> Read<T>(string json) where T : class => StrictJson.Read<T>(Encoding.UTF8.GetBytes(json));
}
