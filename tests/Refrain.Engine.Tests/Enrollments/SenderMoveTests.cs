using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Access;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Tasks;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Enrollments;

public sealed class SenderMoveTests
{
    private const string EmailThenCall = """
        {"name":"Two","steps":[
            {"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello","text":"First"},
            {"kind":"call","title":"Call","delay":{"value":1,"unit":"days"}},
            {"kind":"email","delay":{"value":1,"unit":"days"},"subject":"Again","text":"Second"}]}
        """;

    [Theory, OnEveryDatabase]
    public async Task the_next_email_goes_from_the_other_mailbox_and_a_reply_to_the_first_still_stops(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (bob, his) = await bench.AddColleagueAsync();
        var sequence = await bench.PublishAsync(EmailThenCall);
        var (stays, replies) = (await bench.EnrollAsync(sequence, "lee@acme.test"), await bench.EnrollAsync(sequence, "kim@acme.test"));
        await bench.SettleAsync();
        await bench.PassAsync(Duration.FromDays(1));

        foreach (var id in new[] { stays, replies }) (await bench.MoveAsync(id, his)).Kind.ShouldBe(TransitionKind.Moved);

        var moved = await bench.FindAsync(stays);
        (moved.User, moved.Mailbox, moved.State, moved.Why.Code).ShouldBe((bob, his, EnrollmentState.Pending, "sender_changed"));
        (moved.Bucket == await BucketAsync(bench, bob)).ShouldBeTrue();
        var tasks = (await bench.Get<TaskQueries>().ListAsync(bench.Workspace, new(bob), TaskCursor.Start, 10, default)).Items;
        tasks.Select(task => task.EnrollmentId).ShouldBe([stays.ToString(), replies.ToString()], ignoreOrder: true);
        (await bench.Get<EnrollmentQueries>().EventsAsync(bench.Workspace, stays, 0, 50, default))!.Items[^1].Signal.ShouldBe("sender_changed");
        (await bench.Get<StatsQueries>().OfSequenceAsync(bench.Workspace, sequence, default))!.ByState["pending"].ShouldBe(2);
        bench.Mail.Reply(bench.Mail.Accepted.Single(email => email.ToAddress == "kim@acme.test"), "Yes, please.");
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.ReadInboxAsync();
        (await bench.FindAsync(replies)).State.ShouldBe(EnrollmentState.FinishedReplied);
        TaskId.TryParse(tasks.Single(task => task.EnrollmentId == stays.ToString()).Id, out var call).ShouldBeTrue();
        (await bench.Get<TaskVerbs>().CompleteAsync(bench.Workspace, Actor.User(bob), call, null, null, default))!.Kind.ShouldBe(TransitionKind.Moved);
        await bench.PassAsync(Duration.FromDays(1));
        var second = bench.Mail.Accepted[^1];
        (second.ToAddress, second.FromAddress, second.Text).ShouldBe(("lee@acme.test", "bob@ours.test", "Second"));
        second.References.ShouldBe([bench.Mail.Accepted.Single(email => email.ToAddress == "lee@acme.test" && email.Text == "First").MessageIdHeader]);
        (await bench.FindAsync(stays)).EmailsSent.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task it_is_refused_while_a_message_is_with_the_server(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (_, his) = await bench.AddColleagueAsync();
        var run = await bench.EnrollAsync(await bench.PublishAsync(EmailThenCall), "lee@acme.test");
        Answer<DoorAnswer>? during = null;
        bench.Mail.Script("lee@acme.test", async (email, lastCheck) =>
        {
            during = await bench.Get<SenderMoves>().MoveAsync(bench.Caller(), run, his.ToString(), default);
            return await bench.Mail.AcceptAsync(email, lastCheck);
        });

        await bench.SettleAsync();

        during.ShouldBeOfType<Answer<DoorAnswer>.Conflict>().Code.ShouldBe("already_handed_over");
        bench.Mail.Accepted.ShouldHaveSingleItem();
        (await bench.FindAsync(run)).Mailbox.ShouldBe(bench.Mailbox);
        (await bench.Get<SenderMoves>().MoveAsync(bench.Caller(), run, "nonsense", default)).ShouldBeOfType<Answer<DoorAnswer>.Wrong>();
        (await bench.Get<SenderMoves>().MoveAsync(bench.Caller(), EnrollmentId.New(), his.ToString(), default)).ShouldBeOfType<Answer<DoorAnswer>.Missing>();
    }

    [Theory, OnEveryDatabase]
    public async Task the_runs_of_a_deactivated_user_fail_when_due_and_come_back_with_him_or_with_another(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (bob, his) = await bench.AddColleagueAsync();
        var sequence = await bench.PublishAsync(EmailThenCall);
        var (back, given) = (await EnrollAsync(bench, sequence, "lee@acme.test", his), await EnrollAsync(bench, sequence, "kim@acme.test", his));
        EngineBench.Value(await bench.Get<UserChanges>().ChangeAsync(bench.Workspace, bob, new(Active: false), default)).Active.ShouldBeFalse();
        (await bench.FindAsync(back)).State.ShouldBe(EnrollmentState.Active);

        await bench.SettleAsync();

        bench.Mail.Accepted.ShouldBeEmpty();
        foreach (var id in new[] { back, given })
        {
            var failed = await bench.FindAsync(id);
            (failed.State, failed.Failure?.Cause, failed.WaitsFor).ShouldBe((EnrollmentState.Failed, FailureCause.UserDeactivated, Core.Enrollments.Wait.Sender));
        }
        (await bench.MoveAsync(given, bench.Mailbox)).Kind.ShouldBe(TransitionKind.Moved);
        await bench.SettleAsync();
        bench.Mail.Accepted.ShouldHaveSingleItem().FromAddress.ShouldBe("ann@ours.test");
        EngineBench.Value(await bench.Get<UserChanges>().ChangeAsync(bench.Workspace, bob, new(Active: true), default)).Active.ShouldBeTrue();
        await bench.SettleAsync();
        bench.Mail.Accepted.Select(email => email.FromAddress).ShouldBe(["ann@ours.test", "bob@ours.test"]);
    }

    private static async Task<EnrollmentId> EnrollAsync(EngineBench bench, SequenceId sequence, string email, MailboxId mailbox)
    {
        var contact = await bench.AddContactAsync(email);
        var answer = await bench.Get<Enrolling>().EnrollAsync(new(bench.Workspace, Actor.User(bench.User), bench.User, sequence, [contact], mailbox, 1, DryRun: false), default);
        return answer.Rows.ShouldHaveSingleItem().Id!.Value;
    }

    private static Task<int> BucketAsync(EngineBench bench, UserId user) =>
        bench.Database.ReadAsync(session => session.FirstAsync<int>("select bucket from member where id = @user", new { user }, default), default);
}
