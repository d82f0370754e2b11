using Refrain.Contracts;
using Refrain.Core.Enrollments;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Tests.Bench;
using Refrain.Engine.Tests.Inbound;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Mailboxes;

/// <summary>A mailbox whose IMAP account becomes another one, on a server that gives every inbox the same UIDVALIDITY.</summary>
public sealed class AnotherAccountTests
{
    [Theory, OnEveryDatabase]
    public async Task what_comes_into_the_new_account_is_read_whatever_the_numbers_of_the_old_one_were(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        for (var number = 1; number <= 3; number++) bench.Mail.Arrive(Letter(number));
        await bench.ReceiveAsync();

        bench.Mail.OpenAnotherInbox();
        await ChangeAsync(bench, user: "ann.new@ours.test");
        bench.Mail.Reply(bench.Mail.Accepted[0], "Yes, please call me.");
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await bench.ReadInboxAsync()).ShouldBeTrue();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
        await ChangeAsync(bench, user: "ann@ours.test");
        bench.Mail.OpenAnotherInbox();
        bench.Mail.Arrive(Letter(4));
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await bench.ReadInboxAsync()).ShouldBeTrue();
        (await CountAsync(bench)).ShouldBe(5);
    }

    [Theory, OnEveryDatabase]
    public async Task a_reply_that_came_while_the_server_was_unreadable_is_read_once_its_new_name_is_known(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Unreadable = "no such host";
        bench.Mail.Reply(bench.Mail.Accepted[0], "Thanks, not now.");
        await bench.PassAsync(NodaTime.Duration.FromDays(1));

        await ChangeAsync(bench, host: "127.0.0.2");
        bench.Mail.Unreadable = null;
        await bench.Get<MailboxChecks>().CheckAsync(bench.Workspace, bench.Mailbox, CancellationToken.None);
        await bench.PassAsync(NodaTime.Duration.FromDays(1));

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
        bench.Mail.Accepted.Count.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task a_look_that_began_before_the_change_moves_no_cursor(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        for (var number = 1; number <= 3; number++) bench.Mail.Arrive(Letter(number));
        bench.Mail.AfterALook = () => ChangeAsync(bench, user: "ann.new@ours.test");
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await bench.ReadInboxAsync()).ShouldBeFalse("the inbox that counts was not read");

        bench.Mail.OpenAnotherInbox();
        bench.Mail.Reply(bench.Mail.Accepted[0], "Yes, please call me.");
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await bench.ReadInboxAsync()).ShouldBeTrue();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
    }

    [Theory, OnEveryDatabase]
    public async Task other_settings_leave_the_cursor_where_it_was(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        bench.Mail.Arrive(Letter(1));
        await bench.ReceiveAsync();

        await ChangeAsync(bench);

        var cursors = await bench.Database.ReadAsync(session => session.QueryAsync<long?>("select last_uid from mailbox", null, default), default);
        cursors.ShouldBe([1]);
    }

    private static async Task ChangeAsync(EngineBench bench, string user = "ann@ours.test", string host = "127.0.0.1")
    {
        var smtp = new MailServerSettings("127.0.0.1", 1, ConnectionSecurity.None, "ann@ours.test", "secret");
        EngineBench.Value(await bench.Get<MailboxRegister>().ChangeAsync(
            bench.Workspace, bench.Mailbox, new("Ann Again", "ann@ours.test", smtp, smtp with { User = user, Host = host }), CancellationToken.None));
    }

    private static Task<int> CountAsync(EngineBench bench) =>
        bench.Database.ReadAsync(session => session.FirstAsync<int>("select count(*) from inbound_message", null, default), default);

    private static string Letter(int number) => $"""
        From: <somebody@elsewhere.test>
        To: <ann@ours.test>
        Subject: Letter {number}
        Message-ID: <letter{number}@elsewhere.test>
        Content-Type: text/plain; charset=utf-8

        Nothing to do with it.
        """;
}
