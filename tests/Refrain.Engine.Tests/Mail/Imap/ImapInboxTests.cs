using MailKit;
using MimeKit;
using Refrain.Engine.Mail;
using Refrain.Engine.Mail.Compose;
using Refrain.Engine.Mail.Imap;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Mail.Imap;

/// <summary>Against Dovecot.</summary>
public sealed class ImapInboxTests : IAsyncDisposable
{
    private static readonly MailLab Lab = MailLab.Current;
    private readonly ImapInbox inbox = new(TimeProvider.System, new() { OctetsOfALook = 2_000_000 });
    private readonly string user = MailLab.FreshSender();
    private readonly MailboxAccount account;

    public ImapInboxTests() => account = LabAccounts.For(user);

    public ValueTask DisposeAsync() => inbox.DisposeAsync();

    [Fact]
    public async Task what_lay_there_before_is_not_read_and_what_comes_then_is()
    {
        await DeliverAsync("old");

        var start = await LookAsync(null);
        await DeliverAsync("one");
        await DeliverAsync("two");
        var look = await LookAsync(start.Cursor);

        start.Messages.ShouldBeEmpty();
        Subjects(look).ShouldBe(["one", "two"]);
        look.More.ShouldBeFalse();
        look.Cursor.LastUid.ShouldBe(look.Messages[^1].Uid);
        (await LookAsync(look.Cursor)).ShouldSatisfyAllConditions(again => again.Messages.ShouldBeEmpty(), again => again.Cursor.ShouldBe(look.Cursor));
    }

    [Fact]
    public async Task a_look_is_cut_at_its_limit_and_goes_on_from_there()
    {
        var start = await LookAsync(null);
        foreach (var subject in (string[])["one", "two", "three"])
            await DeliverAsync(subject);

        var first = await LookAsync(start.Cursor, limit: 2);
        var second = await LookAsync(first.Cursor, limit: 2);

        Subjects(first).ShouldBe(["one", "two"]);
        first.More.ShouldBeTrue();
        Subjects(second).ShouldBe(["three"]);
        second.More.ShouldBeFalse();
    }

    [Fact]
    public async Task of_a_large_message_the_first_mebibyte_is_read()
    {
        var start = await LookAsync(null);
        await DeliverAsync("small");
        await DeliverAsync("large", new string('x', 70), lines: 30_000);
        await DeliverAsync("behind");

        var first = await LookAsync(start.Cursor);

        Subjects(first).ShouldBe(["small", "large", "behind"]);
        first.Messages[1].Raw.Length.ShouldBe(1024 * 1024);
        first.Messages[1].Size.ShouldBeGreaterThan(2_000_000);
    }

    [Fact]
    public async Task no_flag_is_changed()
    {
        var start = await LookAsync(null);
        await DeliverAsync("one");
        await DeliverAsync("two", new string('x', 70), lines: 20_000);

        (await LookAsync(start.Cursor)).Messages.Count.ShouldBe(2);

        (await Lab.FlagsOfInboxAsync(user)).ShouldBe([MessageFlags.None, MessageFlags.None]);
    }

    [Fact]
    public async Task after_the_server_numbered_anew_everything_is_given_again()
    {
        await DeliverAsync("one");
        var known = (await LookAsync(null)).Cursor;

        var renumbered = known with { UidValidity = known.UidValidity - 1, LastUid = 4711 };

        Subjects(await LookAsync(renumbered)).ShouldBe(["one"]);
        (await LookAsync(renumbered)).Cursor.ShouldBe(known);
        (await LookAsync(renumbered with { LastUid = 0 })).ShouldSatisfyAllConditions(look => look.Messages.ShouldBeEmpty(), look => look.Cursor.ShouldBe(known));
    }

    [Fact]
    public async Task of_another_account_what_came_since_an_instant_is_read()
    {
        await DeliverAsync("one");
        var known = (await LookAsync(null)).Cursor;
        var now = NodaTime.SystemClock.Instance.GetCurrentInstant();

        var look = await LookAsync(InboxCursor.From(now - NodaTime.Duration.FromHours(1)));
        Subjects(look).ShouldBe(["one"]);
        look.Cursor.ShouldBe(known);
        Subjects(await LookAsync(InboxCursor.From(now - NodaTime.Duration.FromDays(300)))).ShouldBe(["one"]);
        (await LookAsync(InboxCursor.From(now + NodaTime.Duration.FromHours(1)))).ShouldSatisfyAllConditions(later => later.Messages.ShouldBeEmpty(), later => later.Cursor.ShouldBe(known));
    }

    [Fact]
    public async Task a_message_ends_the_wait()
    {
        var start = await LookAsync(null);
        var waiting = inbox.WaitAsync(account, TimeSpan.FromMinutes(5), CancellationToken.None);

        await DeliverAsync("wake up");
        await waiting.WaitAsync(TimeSpan.FromSeconds(20));

        Subjects(await LookAsync(start.Cursor)).ShouldBe(["wake up"]);
    }

    [Fact]
    public async Task a_look_need_not_wait_for_the_end_of_the_wait_which_then_goes_on()
    {
        var start = await LookAsync(null);
        var waiting = inbox.WaitAsync(account, TimeSpan.FromMinutes(5), CancellationToken.None);

        for (var round = 0; round < 5; round++)
            await LookAsync(start.Cursor).WaitAsync(TimeSpan.FromSeconds(10));
        waiting.IsCompleted.ShouldBeFalse();
        await DeliverAsync("wake up");

        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task a_wait_is_over_when_its_time_is()
    {
        await LookAsync(null);

        await inbox.WaitAsync(account, TimeSpan.FromMilliseconds(300), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task a_wait_can_be_cancelled()
    {
        await LookAsync(null);
        using var cancel = new CancellationTokenSource();
        var waiting = inbox.WaitAsync(account, TimeSpan.FromMinutes(5), cancel.Token);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        await LookAsync(null);
    }

    [Fact]
    public async Task a_copy_in_sent_is_what_went_out_and_is_found_by_its_id()
    {
        var email = MailSamples.Email with { MessageIdHeader = $"{Guid.CreateVersion7():n}@ours.test" };
        (await FindAsync(email)).ShouldBeEmpty();

        await inbox.SaveToSentAsync(account, email, CancellationToken.None);

        (await FindAsync(email)).ShouldBe([email.MessageIdHeader]);
        using var octets = new MemoryStream();
        await (await Lab.FolderOfAsync(user, "Sent")).Single().WriteToAsync(MimeComposer.Format(email), octets);
        octets.ToArray().ShouldBe(MimeComposer.Octets(email));
    }

    [Fact]
    public async Task many_ids_are_looked_for_at_once_and_parts_of_ids_are_not_found()
    {
        var ids = Enumerable.Range(0, 100).Select(number => $"{Guid.CreateVersion7():n}.{number}@ours.test").ToList();
        foreach (var id in (string[])[ids[3], ids[77]])
            await inbox.SaveToSentAsync(account, MailSamples.Email with { MessageIdHeader = id }, CancellationToken.None);

        var found = await inbox.FindInSentAsync(account, [.. ids, ids[3][5..]], CancellationToken.None);

        found.ShouldBe([ids[3], ids[77]], ignoreOrder: true);
    }

    [Fact]
    public async Task a_mailbox_that_cannot_be_read_says_so_in_the_servers_words_and_comes_back()
    {
        await Lab.LockOutAsync(user);
        var refused = await Should.ThrowAsync<InboxUnreadableException>(() => LookAsync(null));
        (await inbox.CheckAsync(account, CancellationToken.None)).ShouldNotBeNull().ShouldContain("uthentication failed");
        await Lab.LetInAsync(user);

        refused.Message.ShouldNotContain(Lab.Password);
        (await LookAsync(null)).Messages.ShouldBeEmpty();
        (await inbox.CheckAsync(account, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task a_certificate_that_nobody_vouches_for_is_refused()
    {
        var strict = account with { AllowInvalidCertificate = false };

        (await inbox.CheckAsync(strict, CancellationToken.None)).ShouldNotBeNull().ShouldContain("certificate");
    }

    [Fact]
    public async Task a_server_that_is_not_there_is_unreadable()
    {
        var nowhere = account with { Imap = account.Imap with { Port = 1 } };

        await Should.ThrowAsync<InboxUnreadableException>(() => inbox.LookAsync(nowhere, null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task starttls_works_too()
    {
        var starttls = account with { Imap = account.Imap with { Port = Lab.Imap, Security = ConnectionSecurity.StartTls } };

        (await inbox.CheckAsync(starttls, CancellationToken.None)).ShouldBeNull();
    }

    private Task<InboxLook> LookAsync(InboxCursor? cursor, int limit = 100) => inbox.LookAsync(account, cursor, limit, CancellationToken.None);

    private Task<IReadOnlySet<string>> FindAsync(OutgoingEmail email) => inbox.FindInSentAsync(account, [email.MessageIdHeader], CancellationToken.None);

    private static IEnumerable<string> Subjects(InboxLook look) => look.Messages.Select(message =>
    {
        using var stream = new MemoryStream(message.Raw);
        return MimeMessage.Load(stream).Subject ?? "";
    });

    private async Task DeliverAsync(string subject, string line = "Hello.", int lines = 1)
    {
        var message = new MimeMessage { Subject = subject, Body = new TextPart("plain") { Text = string.Concat(Enumerable.Repeat($"{line}\r\n", lines)) } };
        message.From.Add(MailboxAddress.Parse("lead@acme.test"));
        message.To.Add(MailboxAddress.Parse(user));
        var already = (await Lab.FlagsOfInboxAsync(user)).Count;
        await Lab.DeliverAsync(message, "lead@acme.test", user);
        await Lab.WaitForMailAsync(user, arrived => arrived.Subject == subject);
        (await Lab.FlagsOfInboxAsync(user)).Count.ShouldBe(already + 1);
    }
}
