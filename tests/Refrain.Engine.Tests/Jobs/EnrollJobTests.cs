using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Access;
using Refrain.Engine.Contacts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Jobs;
using Refrain.Engine.Loops;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Jobs;

public sealed class EnrollJobTests
{
    [Theory, OnEveryDatabase]
    public async Task a_job_half_done_by_a_process_that_died_is_ended_by_another_and_nobody_is_enrolled_twice(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(Any);
        var job = await AcceptAsync(bench, sequence, Emails(1001), "key-1");

        // It dies with the job in its hands: the lease is not given back.
        (await bench.Get<JobClaims>().ClaimAsync(null, default)).ShouldNotBeNull();
        await using var second = bench.StartSecondProcess();
        (await second.Get<JobWork>().WorkAsync(2, default)).ShouldBeFalse("the lease of the dead one still runs");
        second.Time.Advance(TimeSpan.FromSeconds(31));
        (await second.Get<JobWork>().WorkAsync(2, default)).ShouldBeTrue();
        var half = await FindAsync(bench, job);
        (half.State, half.Total, half.Done).ShouldBe((JobState.Running, 1001, 2 * JobWork.Batch));

        (await second.Get<JobClaims>().ClaimAsync(null, default)).ShouldNotBeNull();
        await using var third = second.StartSecondProcess();
        third.Time.Advance(TimeSpan.FromSeconds(31));
        while (await third.Loop<JobLoop>().TurnAsync(default) == TimeSpan.Zero) continue;

        var whole = await FindAsync(bench, job);
        (whole.State, whole.Done, whole.Refused, whole.FinishedAt is null).ShouldBe((JobState.Finished, 1001, 0, false));
        whole.ByState.ShouldBe(new Dictionary<string, int> { ["active"] = 1001 });
        (await CountAsync(bench, "select count(*) from enrollment")).ShouldBe(1001);
        (await CountAsync(bench, "select count(distinct contact_id) from enrollment")).ShouldBe(1001);
    }

    [Theory, OnEveryDatabase]
    public async Task a_batch_of_whoever_lost_the_job_is_refused(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var job = await AcceptAsync(bench, await bench.PublishAsync(Any), Emails(1001), null);
        var stale = (await bench.Get<JobClaims>().ClaimAsync(null, default))!;
        bench.Time.Advance(TimeSpan.FromSeconds(31));
        (await bench.Get<JobWork>().WorkAsync(1, default)).ShouldBeTrue();

        var kept = await bench.Database.WriteAsync(session => bench.Get<JobClaims>().KeepAsync(session, stale, default), default);

        kept.ShouldBeFalse();
        (await FindAsync(bench, job)).Done.ShouldBe(JobWork.Batch);
    }

    [Theory, OnEveryDatabase]
    public async Task two_processes_at_one_job_enroll_everybody_once(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(Any);
        var first = await AcceptAsync(bench, sequence, Emails(1001), "key-1");
        await using var other = bench.StartSecondProcess();
        (await AcceptAsync(other, sequence, Emails(1001), "key-1")).ShouldBe(first);

        await Task.WhenAll(new[] { bench, other }.Select(process => Task.Run(async () =>
        {
            while (await process.Get<JobWork>().WorkAsync(1, default)) continue;
        })));

        (await FindAsync(bench, first)).State.ShouldBe(JobState.Finished);
        (await CountAsync(bench, "select count(*) from job")).ShouldBe(1);
        (await CountAsync(bench, "select count(*) from enrollment")).ShouldBe(1001);
    }

    [Theory, OnEveryDatabase]
    public async Task a_row_that_cannot_be_done_is_named_and_holds_up_no_other(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(Any);
        var ids = await bench.Database.WriteAsync(
            session => bench.Get<ContactBook>().EnsureAsync(session, bench.Workspace, [.. Emails(1001).Select(Address)], default), default);
        var accepted = EngineBench.Value(await bench.Get<EnrollRequests>().EnrollAsync(
            Caller(bench), sequence, new(ContactIds: [.. ids.Select(id => id.ToString())]), null, dryRun: false, default));
        (await bench.Get<ContactBook>().DeleteAsync(bench.Workspace, ids[2], Actor.User(bench.User), default)).ShouldBeTrue();

        while (await bench.Loop<JobLoop>().TurnAsync(default) == TimeSpan.Zero) continue;

        var job = await FindAsync(bench, accepted.Job!.Id);
        (job.Done, job.Refused, job.ByState["active"]).ShouldBe((1001, 1, 1000));
        JobId.TryParse(job.Id, out var id).ShouldBeTrue();
        var refused = (await bench.Get<JobQueries>().RowsAsync(bench.Workspace, id, JobRowStatus.Refused, 0, 50, default))!.Items.ShouldHaveSingleItem();
        (refused.Row, refused.Code, refused.EnrollmentId).ShouldBe((3, "not_found", null));
    }

    private const string Any = """
        {"name":"Many","settings":{"readd":"any"},"steps":[{"kind":"email","delay":{"value":1,"unit":"days"},"subject":"Hello","text":"Only one"}]}
        """;

    private static IReadOnlyList<string> Emails(int count) => [.. Enumerable.Range(0, count).Select(number => $"lead{number}@acme.test")];

    private static Core.Contacts.EmailAddress Address(string text) => Core.Contacts.EmailAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    private static Caller Caller(EngineBench bench) => new(bench.Workspace, bench.User, Role.Admin);

    private static async Task<string> AcceptAsync(EngineBench bench, SequenceId sequence, IReadOnlyList<string> emails, string? key) =>
        EngineBench.Value(await bench.Get<EnrollRequests>().EnrollAsync(Caller(bench), sequence, new(Emails: emails), key, dryRun: false, default)).Job.ShouldNotBeNull().Id;

    private static async Task<Job> FindAsync(EngineBench bench, string job)
    {
        JobId.TryParse(job, out var id).ShouldBeTrue();
        return (await bench.Get<JobQueries>().FindAsync(bench.Workspace, id, default)).ShouldNotBeNull();
    }

    private static Task<long> CountAsync(EngineBench bench, string sql) => bench.Database.ReadAsync(session => session.FirstAsync<long>(sql, null, default), default);
}
