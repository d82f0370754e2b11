using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>What an out-of-office answer tells of its person, for the runs that are open and for those that come.</summary>
public sealed class AbsenceTests
{
    private const string Undated = "I am out of the office at the moment.";
    private static readonly Duration Day = Duration.FromDays(1);
    private static readonly string WaitsForUser = SampleSequences.TwoEmails.Replace("\"steps\"", "\"settings\":{\"resumeAfter\":null},\"steps\"", StringComparison.Ordinal);
    private static readonly string OnePerson = SampleSequences.OneEmail.Replace("\"steps\"", "\"settings\":{\"oneAtATime\":false},\"steps\"", StringComparison.Ordinal);

    [Theory, OnEveryDatabase]
    public async Task whom_only_a_user_resumes_is_away_for_new_runs_too(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (contact, run, _) = await AwayAsync(bench, WaitsForUser.Replace("{\"resumeAfter\"", "{\"oneAtATime\":false,\"resumeAfter\"", StringComparison.Ordinal), Undated);
        (await bench.FindAsync(run)).ShouldSatisfyAllConditions(one => one.State.ShouldBe(EnrollmentState.PausedO3), one => one.NextAt.ShouldBeNull());

        var sameRule = await bench.EnrollAsync(await bench.PublishAsync(WaitsForUser.Replace("{\"resumeAfter\"", "{\"oneAtATime\":false,\"resumeAfter\"", StringComparison.Ordinal)), contact);
        var week = await bench.EnrollAsync(await bench.PublishAsync(OnePerson), contact);

        var waits = await bench.FindAsync(sameRule.Id!.Value);
        (waits.State, waits.NextAt).ShouldBe((EnrollmentState.PausedO3, null));
        var goesOn = await bench.FindAsync(week.Id!.Value);
        (goesOn.State, goesOn.NextAt).ShouldBe((EnrollmentState.PausedO3, goesOn.Absence!.Since + 7 * Day));
        await bench.PassAsync(6 * Day);
        bench.Mail.Accepted.Count.ShouldBe(1);
        await bench.PassAsync(Day);
        bench.Mail.Accepted.Count.ShouldBe(2);
        await bench.PassAsync(93 * Day);
        (await bench.EnrollAsync(await bench.PublishAsync(WaitsForUser.Replace("{\"resumeAfter\"", "{\"oneAtATime\":false,\"resumeAfter\"", StringComparison.Ordinal)), contact))
            .State.ShouldBe(EnrollmentState.Active);
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.PausedO3);
    }

    [Theory, OnEveryDatabase]
    public async Task a_stated_return_counts_though_no_run_is_open(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var contact = await bench.AddContactAsync("lee@acme.test");
        bench.Mail.WriteAutomatically("lee@acme.test", "ann@ours.test", "Out of office", "I am out of the office until 12 January 2027.");
        await bench.ReceiveAsync();

        var run = await bench.FindAsync((await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), contact)).Id!.Value);

        (run.State, run.NextAt).ShouldBe((EnrollmentState.PausedO3, Instant.FromUtc(2027, 1, 13, 0, 0)));
    }

    [Theory, OnEveryDatabase]
    public async Task a_return_beyond_a_hundred_days_holds_a_hundred_days(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (_, run, _) = await AwayAsync(bench, SampleSequences.TwoEmails, "I am out of the office until 1 September 2027.");

        var held = await bench.FindAsync(run);

        held.Absence!.Dated.ShouldBeTrue();
        held.NextAt.ShouldBe(Instant.FromUtc(2027, 4, 15, 0, 0));
    }

    [Theory, OnEveryDatabase]
    public async Task a_return_that_has_passed_is_a_guess_and_moves_no_stated_end(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (_, run, _) = await AwayAsync(bench, SampleSequences.TwoEmails, "I am out of the office until 7 January 2027.");
        (await bench.FindAsync(run)).NextAt.ShouldBe(Instant.FromUtc(2027, 1, 8, 0, 0));
        bench.Mail.OutOfOffice(bench.Mail.Accepted[0], "I am out of the office until 2 January 2027.");
        await bench.ReceiveAsync();

        (await bench.FindAsync(run)).NextAt.ShouldBe(Instant.FromUtc(2027, 1, 8, 0, 0));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, 0, 1, 2), InlineData(DatabaseKind.Sqlite, 1, 2, 0), InlineData(DatabaseKind.Postgres, 2, 0, 1), InlineData(DatabaseKind.Postgres, 1, 0, 2)]
    public async Task misread_absences_leave_nothing_in_whatever_order_they_are_corrected(DatabaseKind database, params int[] order)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (contact, run, first) = await AwayAsync(bench, SampleSequences.TwoEmails, Undated);
        var misread = new List<MessageId> { first };
        foreach (var text in new[] { "I am out of the office until 15 January 2027.", "I am out of the office until 20 January 2027." })
        {
            bench.Mail.OutOfOffice(bench.Mail.Accepted[0], text);
            misread.Add(await bench.ReceiveAsync());
        }
        (await bench.FindAsync(run)).NextAt.ShouldBe(Instant.FromUtc(2027, 1, 21, 0, 0));

        foreach (var index in order) await bench.CorrectedAsync(misread[index], InboundClass.AutoReply);

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
        (await AwayUntilAsync(bench, contact)).ShouldBeEmpty();
        await bench.PassAsync(2 * Day);
        bench.Mail.Accepted.Count.ShouldBe(2);
    }

    [Theory, OnEveryDatabase]
    public async Task an_answer_that_changed_nothing_holds_once_the_misread_one_before_it_is_gone(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (contact, run, misread) = await AwayAsync(bench, SampleSequences.TwoEmails, "I am out of the office until 20 January 2027.");
        bench.Mail.OutOfOffice(bench.Mail.Accepted[0], "I am out of the office until 12 January 2027.");
        await bench.ReceiveAsync();

        await bench.CorrectedAsync(misread, InboundClass.AutoReply);

        var held = await bench.FindAsync(run);
        (held.State, held.NextAt).ShouldBe((EnrollmentState.PausedO3, Instant.FromUtc(2027, 1, 13, 0, 0)));
        (await AwayUntilAsync(bench, contact)).ShouldBe([Instant.FromUtc(2027, 1, 13, 0, 0)]);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, true), InlineData(DatabaseKind.Sqlite, false), InlineData(DatabaseKind.Postgres, true), InlineData(DatabaseKind.Postgres, false)]
    public async Task a_misread_absence_beneath_a_misread_reply_does_not_come_back(DatabaseKind database, bool absenceFirst)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (_, run, absence) = await AwayAsync(bench, SampleSequences.TwoEmails, "I am out of the office until 20 January 2027.");
        bench.Mail.Reply(bench.Mail.Accepted[0], "Noted, thank you.");
        var reply = await bench.ReceiveAsync();
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.FinishedReplied);

        await bench.CorrectedAsync(absenceFirst ? absence : reply, InboundClass.AutoReply);
        await bench.CorrectedAsync(absenceFirst ? reply : absence, InboundClass.AutoReply);

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
    }

    [Theory, OnEveryDatabase]
    public async Task an_absence_that_was_told_while_a_misread_reply_kept_the_run_closed_outlasts_the_correction_of_another(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var run = await bench.EnrollAsync(await bench.PublishAsync(SampleSequences.TwoEmails), "lee@acme.test");
        await bench.SettleAsync();
        bench.Mail.Reply(bench.Mail.Accepted[0], "Noted, thank you.");
        var reply = await bench.ReceiveAsync();
        bench.Mail.WriteAutomatically("lee@acme.test", "ann@ours.test", "Out of office", "I am out of the office until 12 January 2027.");
        await bench.ReceiveAsync();
        await bench.CorrectedAsync(reply, InboundClass.AutoReply);
        (await bench.FindAsync(run)).NextAt.ShouldBe(Instant.FromUtc(2027, 1, 13, 0, 0));
        bench.Mail.OutOfOffice(bench.Mail.Accepted[0], "I am out of the office until 20 January 2027.");
        var misread = await bench.ReceiveAsync();
        (await bench.FindAsync(run)).NextAt.ShouldBe(Instant.FromUtc(2027, 1, 21, 0, 0));

        await bench.CorrectedAsync(misread, InboundClass.AutoReply);

        var held = await bench.FindAsync(run);
        (held.State, held.NextAt).ShouldBe((EnrollmentState.PausedO3, Instant.FromUtc(2027, 1, 13, 0, 0)));
    }

    [Theory, OnEveryDatabase]
    public async Task who_was_enrolled_while_a_misread_answer_held_him_goes_on_when_it_is_corrected(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var (contact, _, misread) = await AwayAsync(bench, SampleSequences.TwoEmails.Replace("\"steps\"", "\"settings\":{\"oneAtATime\":false},\"steps\"", StringComparison.Ordinal), Undated);
        var run = (await bench.EnrollAsync(await bench.PublishAsync(OnePerson), contact)).Id!.Value;
        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.PausedO3);

        await bench.CorrectedAsync(misread, InboundClass.AutoReply);

        (await bench.FindAsync(run)).State.ShouldBe(EnrollmentState.Active);
    }

    private static async Task<(ContactId Contact, EnrollmentId Run, MessageId Message)> AwayAsync(EngineBench bench, string sequence, string text)
    {
        var contact = await bench.AddContactAsync("lee@acme.test");
        var run = (await bench.EnrollAsync(await bench.PublishAsync(sequence), contact)).Id!.Value;
        await bench.SettleAsync();
        bench.Mail.OutOfOffice(bench.Mail.Accepted[0], text);
        return (contact, run, await bench.ReceiveAsync());
    }

    private static Task<IReadOnlyList<Instant>> AwayUntilAsync(EngineBench bench, ContactId contact) => bench.Database.ReadAsync(
        session => session.QueryAsync<Instant>("select away_until from contact where id = @contact and away_since is not null", new { contact }, default), default);
}
