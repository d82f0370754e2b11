using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Suppressions;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>A suppression stands as long as one of those who asked for it still counts.</summary>
public sealed class SuppressionCorrectionTests
{
    private static readonly string[] OptedOut = ["lee@acme.test opted_out"];

    [Theory, OnEveryDatabase]
    public async Task an_opt_out_without_ids_that_came_after_a_misread_one_stays_until_it_is_corrected_too(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (run, misread) = await MisreadAsync(bench);
        var letter = await UnsubscribeAsync(bench);

        await bench.CorrectedAsync(misread, InboundClass.Other);

        (await bench.SuppressedAsync()).ShouldBe(OptedOut);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Unsubscribed);
        await bench.PassAsync(Duration.FromDays(30));
        bench.Mail.Accepted.Count.ShouldBe(1);
        await bench.CorrectedAsync(letter, InboundClass.Other);
        (await bench.SuppressedAsync()).ShouldBeEmpty();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
        await bench.PassAsync(Duration.FromDays(2));
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task of_two_misread_opt_outs_the_later_one_may_be_corrected_first(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (run, misread) = await MisreadAsync(bench);
        var letter = await UnsubscribeAsync(bench);

        await bench.CorrectedAsync(letter, InboundClass.Other);
        (await bench.SuppressedAsync()).ShouldBe(OptedOut);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Unsubscribed);
        await bench.CorrectedAsync(misread, InboundClass.Other);

        (await bench.SuppressedAsync()).ShouldBeEmpty();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
    }

    [Theory, OnEveryDatabase]
    public async Task what_an_administrator_suppressed_meanwhile_stays(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (run, misread) = await MisreadAsync(bench);
        (await SuppressAsync(bench, SuppressionReason.Manual)).ShouldBeOfType<Answer<Suppression>.Conflict>().Code.ShouldBe("suppression_exists");

        await bench.CorrectedAsync(misread, InboundClass.Other);

        (await bench.SuppressedAsync()).ShouldBe(["lee@acme.test manual"]);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedUnenrolled);
        await bench.PassAsync(Duration.FromDays(30));
        bench.Mail.Accepted.Count.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task an_administrator_who_says_that_a_contact_of_a_bad_address_opted_out_is_believed(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(bench.Mail.Accepted[0], "5.1.1");
        var bounce = await bench.ReceiveAsync();
        (await SuppressAsync(bench, SuppressionReason.OptedOut)).ShouldBeOfType<Answer<Suppression>.Conflict>();

        (await bench.SuppressedAsync()).ShouldBe(OptedOut);
        await bench.CorrectedAsync(bounce, InboundClass.Other);
        (await bench.SuppressedAsync()).ShouldBe(OptedOut);
    }

    [Theory, OnEveryDatabase]
    public async Task a_link_that_was_used_meanwhile_stays(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (run, misread) = await MisreadAsync(bench);
        var contact = (await bench.FindAsync(run)).Contact;
        await bench.Get<OptOuts>().OptOutAsync(contact, null, OptOutSource.Link, Actor.Contact, CancellationToken.None);

        await bench.CorrectedAsync(misread, InboundClass.Other);

        (await bench.SuppressedAsync()).ShouldBe(OptedOut);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Unsubscribed);
        await bench.PassAsync(Duration.FromDays(30));
        bench.Mail.Accepted.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, true), InlineData(DatabaseKind.Postgres, true), InlineData(DatabaseKind.Sqlite, false), InlineData(DatabaseKind.Postgres, false)]
    public async Task a_bounce_and_the_opt_out_that_replaced_it_are_both_taken_back_in_either_order(DatabaseKind database, bool bounceFirst)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(bench.Mail.Accepted[0], "5.1.1");
        var bounce = await bench.ReceiveAsync();
        var optOut = await UnsubscribeAsync(bench);
        (await bench.SuppressedAsync()).ShouldBe(OptedOut);

        await bench.CorrectedAsync(bounceFirst ? bounce : optOut, InboundClass.Other);
        (await bench.SuppressedAsync()).ShouldBe(bounceFirst ? OptedOut : ["lee@acme.test bounced"]);
        await bench.CorrectedAsync(bounceFirst ? optOut : bounce, InboundClass.Other);

        (await bench.SuppressedAsync()).ShouldBeEmpty();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
    }

    [Theory, OnEveryDatabase]
    public async Task what_an_administrator_lifted_is_not_brought_back_by_a_correction(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (_, misread) = await MisreadAsync(bench);
        await UnsubscribeAsync(bench);
        var list = bench.Get<SuppressionList>();
        var standing = (await list.ListAsync(bench.Workspace, Guid.Empty, 10, CancellationToken.None)).Items.ShouldHaveSingleItem();
        (await list.RemoveAsync(bench.Workspace, Guid.ParseExact(standing.Id, "N"), CancellationToken.None)).ShouldBeTrue();

        await bench.CorrectedAsync(misread, InboundClass.Other);

        (await bench.SuppressedAsync()).ShouldBeEmpty();
    }

    private static async Task<(EnrollmentId Run, MessageId Misread)> MisreadAsync(EngineBench bench)
    {
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Reply(bench.Mail.Accepted[0], "Please remove me from your list.");
        var misread = await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Unsubscribed);
        return (run, misread);
    }

    private static async Task<MessageId> UnsubscribeAsync(EngineBench bench)
    {
        bench.Mail.Write("lee@acme.test", "ann@ours.test", "A request", "Please remove me from your list.");
        return await bench.ReceiveAsync();
    }

    private static Task<Answer<Suppression>> SuppressAsync(EngineBench bench, SuppressionReason reason) =>
        bench.Get<SuppressionList>().AddAsync(bench.Workspace, Actor.User(bench.User), new("lee@acme.test", reason), CancellationToken.None);
}
