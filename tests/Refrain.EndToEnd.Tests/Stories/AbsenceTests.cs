using System.Globalization;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Stories;

public sealed class AbsenceTests(Stages stages)
{
    private static readonly MailLab Lab = MailLab.Current;

    [Theory, OnEveryDatabase]
    public async Task an_out_of_office_answer_holds_the_contact_until_he_is_back(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("lead");
        var back = NextWednesday();
        await Lab.UseSieveAsync(lead, $$"""
            require ["vacation"];
            vacation :days 1 :subject "Out of office" "I am out of the office until {{back.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}}, without access to email.";
            """);
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("More", after: Settings.Tomorrow)));
        var enrollment = await client.EnrollOneAsync(sequence, mailbox, lead);

        var away = await client.WaitForAsync(enrollment, "paused_o3");

        away.NextAt.ShouldBe(new DateTimeOffset(back.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero));
        away.Step.ShouldBe(2);
        await client.DeleteAsync($"enrollments/{enrollment}/pause");
        (await client.EnrollmentAsync(enrollment)).State.ShouldBe("active");
    }

    [Theory, OnEveryDatabase]
    public async Task who_answers_in_person_while_away_has_replied(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox());
        var lead = MailLab.Fresh("away");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("More", after: Settings.Tomorrow)));
        var enrollment = await client.EnrollOneAsync(sequence, mailbox, lead);
        await client.WaitForAsync(enrollment, "paused_o3");

        await Lab.ReplyAsAsync(lead, "I read this on my way: let us talk when I am back.");

        await client.WaitForAsync(enrollment, "finished_replied");
    }

    /// <summary>At least a week ahead, so that neither a weekend nor a hundred days lie between it and the day after.</summary>
    private static DateOnly NextWednesday()
    {
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(7);
        while (day.DayOfWeek != DayOfWeek.Wednesday) day = day.AddDays(1);
        return day;
    }
}
