using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Sending;

public sealed class ContactRestTests
{
    private const string AnyNumber = """
        {"name":"Any","settings":{"readd":"any","oneAtATime":false},"steps":[
            {"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello","text":"First"},
            {"kind":"email","delay":{"value":1,"unit":"hours"},"subject":"Again","text":"Second"}]}
        """;

    [Theory, OnEveryDatabase]
    public async Task who_may_be_enrolled_any_number_of_times_gets_one_email_in_a_day(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(AnyNumber);
        var contact = await bench.AddContactAsync("lee@acme.test");
        var runs = new List<EnrollmentId>();
        for (var time = 0; time < 2; time++) runs.Add((await bench.EnrollAsync(sequence, contact)).Id!.Value);
        var sent = new List<Instant>();

        await bench.SettleAsync();
        bench.Mail.Accepted.Count.ShouldBe(1);
        var held = (await bench.FindAsync(runs[0])).EmailsSent == 0 ? await bench.FindAsync(runs[0]) : await bench.FindAsync(runs[1]);
        (held.State, held.NextAt, held.Why.Code).ShouldBe((EnrollmentState.Active, bench.Now + Duration.FromHours(24), "contact_rest"));

        for (var hour = 0; hour < 24 * 5; hour++)
        {
            await bench.PassAsync(Duration.FromHours(1));
            sent.AddRange(Enumerable.Repeat(bench.Now, bench.Mail.Accepted.Count - 1 - sent.Count));
        }

        bench.Mail.Accepted.Count.ShouldBe(4);
        sent.Zip(sent.Skip(1), (earlier, later) => later - earlier).ShouldAllBe(gap => gap >= Duration.FromHours(24));
    }

    [Theory, OnEveryDatabase]
    public async Task other_sequences_keep_their_own_pace(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        await bench.EnrollAsync(await bench.PublishAsync(AnyNumber.Replace("\"any\"", "\"once\"", StringComparison.Ordinal)), "lee@acme.test");

        await bench.SettleAsync();
        await bench.PassAsync(Duration.FromHours(1));

        bench.Mail.Accepted.Count.ShouldBe(2);
    }
}
