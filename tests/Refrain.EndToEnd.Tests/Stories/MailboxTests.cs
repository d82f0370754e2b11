using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Stories;

public sealed class MailboxTests(Stages stages)
{
    private static readonly MailLab Lab = MailLab.Current;

    [Theory, OnEveryDatabase]
    public async Task a_wrong_password_is_told_in_the_servers_words(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);

        var mailbox = await client.ConnectAsync(Settings.Mailbox(password: "not-the-password"));

        mailbox.Health.ShouldBe(MailboxHealth.Unhealthy);
        mailbox.HealthReason.ShouldNotBeNull().ShouldContain("authentication failed", Case.Insensitive);
        mailbox.HealthReason.ShouldNotContain("not-the-password");
    }

    [Theory, OnEveryDatabase]
    public async Task what_a_disconnected_mailbox_held_up_goes_on_when_it_is_back(DatabaseKind kind)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var settings = Settings.Mailbox();
        await Lab.LockOutAsync(settings.Address);
        var mailbox = await client.ConnectAsync(settings);
        mailbox.Health.ShouldBe(MailboxHealth.Unhealthy);
        var lead = MailLab.Fresh("lead");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro")));
        var enrollment = await client.EnrollOneAsync(sequence, mailbox, lead);
        (await client.WaitForAsync(enrollment, "failed")).ReasonCode.ShouldBe("mailbox_disconnected");

        await Lab.LetInAsync(settings.Address);
        (await client.PostAsync<MailboxState>($"mailboxes/{mailbox.Id}/check")).Health.ShouldBe(MailboxHealth.Healthy);

        await client.WaitForAsync(enrollment, "finished_no_reply");
        (await Lab.WaitForMailAsync(lead)).Subject.ShouldBe("Intro");
    }

    [Theory]
    [OnEveryDatabase(SaveToSent.Always, 1)]
    [OnEveryDatabase(SaveToSent.Never, 0)]
    public async Task a_copy_lies_in_the_sent_folder_where_it_is_wanted(DatabaseKind kind, SaveToSent wish, int copies)
    {
        var (_, _, client) = await stages.OnAsync(kind);
        var mailbox = await client.ConnectAsync(Settings.Mailbox() with { SaveToSent = wish });
        var lead = MailLab.Fresh("lead");
        var sequence = await client.PublishAsync(Settings.Sequence(Settings.Email("Intro")));

        await client.EnrollOneAsync(sequence, mailbox, lead);

        var mail = await Lab.WaitForMailAsync(lead);
        await Lab.ReplyAsAsync(lead, "Thanks.");
        await Lab.WaitForMailAsync(mailbox.Address);
        var sent = await Eventually.SeeAsync(() => Lab.FolderOfAsync(mailbox.Address, "Sent"), folder => folder.Count == copies);
        sent.ShouldAllBe(copy => copy.MessageId == mail.MessageId);
    }
}
