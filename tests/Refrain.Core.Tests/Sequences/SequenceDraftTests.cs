using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Tests.Schedules;

namespace Refrain.Core.Tests.Sequences;

public sealed class SequenceDraftTests
{
    private static readonly Instant Now = Instant.FromUtc(2027, 1, 4, 9, 0);
    private static readonly DraftStep Email = new(StepId.New(), StepKind.Email, new(0, DelayUnit.Minutes), Subject: "Hello", Text: "Text", Html: " ");

    private static readonly DraftStep Call = new(
        StepId.New(), StepKind.Call, new(2, DelayUnit.BusinessDays), Title: "Ring", Outcomes: new Dictionary<string, string> { ["no"] = "unenroll", ["yes"] = "continue" });

    private static readonly SequenceDraft Draft = new(SequenceId.New(), " Intro ", new(), [Email, Call]);

    [Fact]
    public void a_right_draft_becomes_a_version()
    {
        var sequence = Draft.Publish(3, Now).ShouldBeOfType<Publication.Published>().Sequence;
        (sequence.Id, sequence.Version, sequence.Name).ShouldBe((Draft.Id, 3, "Intro"));
        sequence.Steps.Select(step => (step.Id, step.Number)).ShouldBe([(Email.Id, 1), (Call.Id, 2)]);
        sequence.Steps[0].Email.ShouldBe(new("Hello", "Text", null));
        sequence.Steps[1].Email.ShouldBeNull();
        sequence.Steps[1].Outcomes!["no"].ShouldBe(OutcomeAction.Unenroll);
    }

    [Fact]
    public void a_wrong_draft_is_refused_with_all_its_problems()
    {
        var draft = Draft with { Name = "", Steps = [Email with { Subject = null, Text = " " }, Call with { Title = null }] };
        draft.Publish(1, Now).ShouldBeOfType<Publication.Refused>().Problems.Select(problem => problem.Field)
            .ShouldBe(["name", "steps[0].subject", "steps[0].text", "steps[1].title"]);
    }

    public static TheoryData<string, string> WrongSteps() => new()
    {
        { "subject with a line break", "steps[0].subject" }, { "negative delay", "steps[0].delay.value" }, { "endless delay", "steps[0].delay.value" },
        { "unknown outcome action", "steps[0].outcomes.no" }, { "outcomes of an email", "steps[0].outcomes" }, { "time outside all windows", "steps[0].at" },
        { "no steps", "steps" }, { "one id twice", "steps" },
    };

    [Theory]
    [MemberData(nameof(WrongSteps))]
    public void a_wrong_step_is_named(string fault, string field) => Steps(fault).Problems(Now).ShouldHaveSingleItem().Field.ShouldBe(field);

    public static TheoryData<string, string> WrongSettings() => new()
    {
        { "weight", "settings.weight" }, { "new contacts", "settings.newContactsPerDay" }, { "live", "settings.maximumLive" }, { "stale", "settings.stale.afterDays" },
        { "resume after", "settings.resumeAfter.value" }, { "late reply", "settings.lateReplyWait.value" }, { "zone", "settings.timeZone" }, { "end", "settings.endsOn" },
        { "holidays", "settings.holidays[0]" },
    };

    [Theory]
    [MemberData(nameof(WrongSettings))]
    public void a_wrong_setting_is_named(string fault, string field)
    {
        var problem = (Draft with { Settings = Settings(fault) }).Problems(Now).ShouldHaveSingleItem();
        problem.Field.ShouldBe(field);
        problem.Message.ShouldEndWith(".");
    }

    [Fact]
    public void the_defaults_are_right() => Draft.Problems(Now).ShouldBeEmpty();

    private static SequenceDraft Steps(string fault) => fault switch
    {
        "subject with a line break" => Draft with { Steps = [Email with { Subject = "Hello\r\nBcc: x" }] },
        "negative delay" => Draft with { Steps = [Email with { Delay = new(-1, DelayUnit.Days) }] },
        "endless delay" => Draft with { Steps = [Email with { Delay = new(StepDelay.MaximumDays + 1, DelayUnit.Days) }] },
        "unknown outcome action" => Draft with { Steps = [Call with { Outcomes = new Dictionary<string, string> { ["no"] = "explode" } }] },
        "outcomes of an email" => Draft with { Steps = [Email with { Outcomes = new Dictionary<string, string> { ["no"] = "unenroll" } }] },
        "time outside all windows" => Draft with { Settings = new() { Windows = ScheduleText.Windows("daily 09:00-17:00") }, Steps = [Email with { At = new(20, 0) }] },
        "no steps" => Draft with { Steps = [] },
        "one id twice" => Draft with { Steps = [Email, Email] },
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };

    private static SequenceSettings Settings(string fault) => fault switch
    {
        "weight" => new() { Weight = 0 },
        "new contacts" => new() { NewContactsPerDay = 0 },
        "live" => new() { MaximumLive = -1 },
        "stale" => new() { StaleAfterDays = 0 },
        "resume after" => new() { ResumeAfter = new(101, DelayUnit.Days) },
        "late reply" => new() { LateReplyWait = new(-1, DelayUnit.Hours) },
        "zone" => new() { TimeZone = "Europe/Atlantis" },
        "end" => new() { EndsOn = new LocalDate(2026, 12, 31) },
        "holidays" => new() { Holidays = ["XX"] },
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
