using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Inbound;
using Refrain.Engine.Tests.Bench;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>What tests of corrections do again and again.</summary>
internal static class CorrectionScene
{
    /// <summary>Reads the inbox a minute later and gives the newest message in it.</summary>
    public static async Task<MessageId> ReceiveAsync(this EngineBench bench)
    {
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await bench.ReadInboxAsync()).ShouldBeTrue();
        var ids = await bench.Database.ReadAsync(session => session.QueryAsync<MessageId>("select id from inbound_message order by id desc limit 1", null, default), default);
        return ids.ShouldHaveSingleItem();
    }

    public static Task<Answer<MessageId>> CorrectAsync(this EngineBench bench, MessageId message, InboundClass right, LocalDate? returnDate = null) =>
        bench.Get<Corrections>().CorrectAsync(bench.Workspace, Actor.User(bench.User), message, right, returnDate, CancellationToken.None);

    public static async Task CorrectedAsync(this EngineBench bench, MessageId message, InboundClass right, LocalDate? returnDate = null) =>
        EngineBench.Value(await bench.CorrectAsync(message, right, returnDate));

    public static Task<IReadOnlyList<string>> SuppressedAsync(this EngineBench bench) =>
        bench.Database.ReadAsync(session => session.QueryAsync<string>("select value || ' ' || reason from suppression order by value", null, default), default);

    public static async Task<StepStats> FunnelAsync(this EngineBench bench, SequenceId sequence, int step = 1) =>
        (await bench.Get<StatsQueries>().OfSequenceAsync(bench.Workspace, sequence, CancellationToken.None))!.Steps[step - 1];

    public static async Task<long> CountAsync(this EngineBench bench, SequenceId sequence, EnrollmentState state) =>
        (await bench.Get<StatsQueries>().OfSequenceAsync(bench.Workspace, sequence, CancellationToken.None))!.ByState[state.WireName()];

    public static async Task<IReadOnlyList<string>> TimelineAsync(this EngineBench bench, EnrollmentId run) =>
        [.. (await bench.Get<EnrollmentQueries>().EventsAsync(bench.Workspace, run, -1, 100, CancellationToken.None))!.Items.Select(line => line.Signal)];
}
