using NodaTime;
using Refrain.Contracts;
using Refrain.Core.Enrollments;
using Refrain.Engine.Access;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sequences;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Sending;

/// <summary>Monday 4 January 2027, 09:00 UTC, is 10:00 in Berlin.</summary>
public sealed class OwnerHoursTests
{
    private const string InOwnerHours = """
        {"name":"Office","settings":{"ownerHours":true},"steps":[
            {"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello","text":"First"},
            {"kind":"email","delay":{"value":1,"unit":"hours"},"subject":"Again","text":"Second"}]}
        """;

    private static readonly string InWindowsToo = InOwnerHours.Replace("\"ownerHours\":true",
        """
        "ownerHours":true,"windows":[{"days":["mon","tue","wed","thu","fri"],"from":"08:00","to":"10:00"}]
        """, StringComparison.Ordinal);

    [Theory, OnEveryDatabase]
    public async Task an_email_goes_while_its_mailboxs_owner_works(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await WorkAsync(bench, "Europe/Berlin", 8, 11);
        var run = await bench.EnrollAsync(await bench.PublishAsync(InOwnerHours), "lee@acme.test");
        await bench.PassAsync(Duration.FromMinutes(1));

        bench.Mail.Accepted.Count.ShouldBe(1);
        (await bench.FindAsync(run)).NextAt.ShouldBe(Instant.FromUtc(2027, 1, 5, 7, 0));
    }

    [Theory, OnEveryDatabase]
    public async Task who_has_no_working_hours_is_asked_for_none(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await bench.EnrollAsync(await bench.PublishAsync(InOwnerHours), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task a_sequence_that_does_not_ask_for_them_sends_at_any_hour(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await WorkAsync(bench, "UTC", 20, 21);
        await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.OneEmail), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task hours_that_are_shut_by_then_are_waited_for(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await WorkAsync(bench, "UTC", 12, 17);
        var run = await bench.EnrollAsync(await bench.PublishAsync(InOwnerHours), "lee@acme.test");
        (await bench.FindAsync(run)).NextAt.ShouldBe(Instant.FromUtc(2027, 1, 4, 12, 0));

        await WorkAsync(bench, "UTC", 14, 17);
        await bench.PassAsync(Duration.FromHours(3));

        bench.Mail.Accepted.ShouldBeEmpty();
        var held = await bench.FindAsync(run);
        (held.State, held.NextAt, held.Why.Code).ShouldBe((EnrollmentState.Active, Instant.FromUtc(2027, 1, 4, 14, 0), "owner_hours"));
        held.Why.Sentence.ShouldContain("owner of the mailbox works");
        await bench.PassAsync(Duration.FromHours(2));
        bench.Mail.Accepted.Count.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task hours_that_got_longer_are_missed_by_nobody(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await WorkAsync(bench, "UTC", 12, 17);
        await bench.EnrollAsync(await bench.PublishAsync(InOwnerHours), "lee@acme.test");
        await WorkAsync(bench, "UTC", 0, 0);

        await bench.PassAsync(Duration.FromHours(3));

        bench.Mail.Accepted.Count.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task hours_that_never_meet_the_windows_hold_who_is_under_way_until_they_do(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(InWindowsToo);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        await WorkAsync(bench, "UTC", 20, 22);
        (await bench.EnrollAsync(sequence, await bench.AddContactAsync("kim@acme.test"))).ShouldSatisfyAllConditions(
            row => row.State.ShouldBe(EnrollmentState.FinishedUnenrolled),
            row => row.Why.Sentence.ShouldContain("The working hours of the mailbox's owner and the windows of the sequence never meet"));

        for (var hour = 0; hour < 30; hour++) await bench.PassAsync(Duration.FromHours(1));
        var held = await bench.FindAsync(run);
        (held.State, held.Why.Code, bench.Mail.Accepted.Count).ShouldBe((EnrollmentState.Active, "owner_hours", 1));
        held.Why.Sentence.ShouldContain("never meet");

        await WorkAsync(bench, "UTC", 8, 22);
        for (var hour = 0; hour < 30; hour++) await bench.PassAsync(Duration.FromHours(1));
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task who_waits_for_a_slot_goes_in_the_owners_hours_and_is_told_so(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database, dailyCap: 1);
        await WorkAsync(bench, "Europe/Berlin", 9, 11);
        var sequence = await bench.PublishAsync(InOwnerHours);
        await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        await bench.PassAsync(Duration.FromMinutes(30));
        var second = await bench.EnrollAsync(sequence, "kim@acme.test");
        await bench.SettleAsync();
        (await bench.FindAsync(second)).State.ShouldBe(EnrollmentState.Pending);

        await WorkAsync(bench, "Europe/Berlin", 13, 15);
        var why = (await bench.Get<WhyQueries>().OfAsync(bench.Workspace, second, CancellationToken.None))!;
        Instant.FromDateTimeOffset(why.PredictedAt!.Value).ShouldBe(Instant.FromUtc(2027, 1, 5, 12, 0));
        why.Gates.Single(gate => gate.Name == "window").Why!.ShouldContain("owner of the mailbox works");

        for (var quarter = 0; quarter < 4 * 30 && bench.Mail.Accepted.Count < 2; quarter++) await bench.PassAsync(Duration.FromMinutes(15));
        bench.Now.ShouldBe(Instant.FromUtc(2027, 1, 5, 12, 0));
    }

    [Theory, OnEveryDatabase]
    public async Task a_sequence_that_was_paused_goes_on_in_the_owners_hours(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await WorkAsync(bench, "UTC", 9, 11);
        var sequence = await bench.PublishAsync(InOwnerHours);
        var run = await bench.EnrollAsync(sequence, "lee@acme.test");
        await bench.SettleAsync();
        await bench.Get<SequencePauses>().PauseAsync(bench.Workspace, sequence, CancellationToken.None);
        await bench.PassAsync(Duration.FromHours(5));
        await bench.Get<SequencePauses>().ResumeAsync(bench.Workspace, sequence, CancellationToken.None);
        (await bench.FindAsync(run)).NextAt.ShouldBe(Instant.FromUtc(2027, 1, 5, 9, 0));
    }

    private static async Task WorkAsync(EngineBench bench, string zone, int from, int to) => EngineBench.Value(await bench.Get<UserChanges>().ChangeAsync(
        bench.Workspace, bench.User, new(WorkingHours: new(zone, [new(Enum.GetValues<Weekday>(), new(from, 0), new(to, 0))])), CancellationToken.None));
}
