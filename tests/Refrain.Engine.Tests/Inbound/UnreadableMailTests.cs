using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Tests.Bench;
using Refrain.Engine.Tests.Mail.Inbound;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>No message keeps those behind it from being read, and nothing is passed over that is not itself at fault.</summary>
public sealed class UnreadableMailTests
{
    [Theory, OnEveryDatabase("far date"), OnEveryDatabase("half a character in a notification"), OnEveryDatabase("half a character in a name of a notification"), OnEveryDatabase("no status in a notification"),
     OnEveryDatabase("nul in the subject"), OnEveryDatabase("nul in the sender"), OnEveryDatabase("nul in the body"), OnEveryDatabase("nul in the ids"),
     OnEveryDatabase("nul in the type of a complaint"), OnEveryDatabase("long id"), OnEveryDatabase("long id beyond ascii"), OnEveryDatabase("nothing")]
    public async Task what_lies_behind_an_odd_message_is_read(DatabaseKind database, string kind)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await SentToLeeAsync(bench);
        bench.Mail.Arrive(OddMail.Of(kind));
        bench.Mail.Reply(bench.Mail.Accepted[0], "Sounds good.");

        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await ClassesAsync(bench)).Count.ShouldBe(2);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await bench.ReadInboxAsync()).ShouldBeTrue();
        (await ClassesAsync(bench)).Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task a_report_with_a_nul_in_the_words_of_the_server_is_applied_like_any_other(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await SentToLeeAsync(bench);
        bench.Mail.Report(bench.Mail.Accepted[0], "failed", "5.1.1", "smtp; 550 5.1.1 no\0body here");

        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedBounced);
    }

    [Theory, OnEveryDatabase]
    public async Task a_message_that_the_store_refuses_is_kept_as_it_came_and_passed_over_until_a_person_says_what_it_is(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (refused, replied) = (await SentToLeeAsync(bench), await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "ada@acme.test"));
        await bench.SettleAsync();
        await RefuseAsync(bench, database, bench.Mail.Accepted[0].ToAddress);
        bench.Mail.Reply(bench.Mail.Accepted[0], "Sounds good.");
        bench.Mail.Reply(bench.Mail.Accepted[1], "To me as well.");

        await bench.ReceiveAsync();

        (await ClassesAsync(bench)).ShouldBe(["other unreadable.storing", "reply person.answer"], ignoreOrder: true);
        (await bench.FindAsync(replied)).State.ShouldBe(EnrollmentState.FinishedReplied);
        (await bench.FindAsync(refused)).State.ShouldBe(EnrollmentState.Active);
        await bench.CorrectedAsync(await IdOfAsync(bench, "unreadable.storing"), InboundClass.Reply);
        (await bench.FindAsync(refused)).State.ShouldBe(EnrollmentState.FinishedReplied);
    }

    [Theory, OnEveryDatabase]
    public async Task while_the_database_stores_nothing_no_message_is_passed_over(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await SentToLeeAsync(bench);
        bench.Mail.Reply(bench.Mail.Accepted[0], "Sounds good.");
        await ExecuteAsync(bench, "alter table inbound_message rename to gone");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            bench.Time.Advance(TimeSpan.FromMinutes(1));
            (await bench.ReadInboxAsync()).ShouldBeFalse();
        }

        await ExecuteAsync(bench, "alter table gone rename to inbound_message");
        await bench.ReceiveAsync();

        (await ClassesAsync(bench)).ShouldBe(["reply person.answer"]);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
    }

    [Theory, OnEveryDatabase]
    public async Task a_reply_that_was_read_but_cannot_be_applied_is_not_passed_over_and_nothing_more_is_sent(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await SentToLeeAsync(bench);
        bench.Mail.Reply(bench.Mail.Accepted[0], "Sounds good.");
        await RefuseEventsAsync(bench, database);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            bench.Time.Advance(TimeSpan.FromMinutes(1));
            (await bench.ReadInboxAsync()).ShouldBeFalse();
        }

        (await ClassesAsync(bench)).ShouldBeEmpty();
        await ExecuteAsync(bench, database == DatabaseKind.Postgres ? "alter table enrollment_event drop constraint refused" : "drop trigger refused");
        await bench.ReceiveAsync();

        (await ClassesAsync(bench)).ShouldBe(["reply person.answer"]);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);
        bench.Mail.Accepted.Count.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task an_inbox_that_cannot_be_read_for_whatever_reason_is_disconnected_after_fifteen_minutes(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        for (var minute = 0; minute < 16; minute++)
        {
            bench.Time.Advance(TimeSpan.FromMinutes(1));
            bench.Mail.Fault = new InvalidOperationException("a fault of ours");
            (await bench.ReadInboxAsync()).ShouldBeFalse();
        }

        (await HealthAsync(bench)).ShouldBe("unhealthy");
        var run = await SentToLeeAsync(bench);
        bench.Mail.Accepted.ShouldBeEmpty();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Failed);
    }

    private static async Task<EnrollmentId> SentToLeeAsync(EngineBench bench)
    {
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        return run;
    }

    private static Task<IReadOnlyList<string>> ClassesAsync(EngineBench bench) =>
        bench.Database.ReadAsync(session => session.QueryAsync<string>("select class || ' ' || rule from inbound_message order by uid", null, default), default);

    private static async Task<MessageId> IdOfAsync(EngineBench bench, string rule) =>
        await bench.Database.ReadAsync(session => session.FirstAsync<MessageId>("select id from inbound_message where rule = @rule", new { rule }, default), default);

    private static Task<string?> HealthAsync(EngineBench bench) =>
        bench.Database.ReadAsync(session => session.FirstAsync<string>("select health from mailbox where id = @Mailbox", new { bench.Mailbox }, default), default);

    private static Task RefuseAsync(EngineBench bench, DatabaseKind database, string from) => ExecuteAsync(bench, database == DatabaseKind.Postgres
        ? $"alter table inbound_message add constraint refused check (from_address <> '{from}')"
        : $"create trigger refused before insert on inbound_message when new.from_address = '{from}' begin select raise(abort, 'refused'); end");

    private static Task RefuseEventsAsync(EngineBench bench, DatabaseKind database) => ExecuteAsync(bench, database == DatabaseKind.Postgres
        ? "alter table enrollment_event add constraint refused check (false) not valid"
        : "create trigger refused before insert on enrollment_event begin select raise(abort, 'refused'); end");

    private static Task ExecuteAsync(EngineBench bench, string sql) => bench.Database.WriteAsync(session => session.ExecuteAsync(sql, null, default), default);
}
