using Refrain.Contracts;
using Refrain.Engine;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Deaths;

/// <summary>
/// The process dies at one of the points between two effects, and another one takes over. Nobody gets an email twice, no run is lost: what was only intended goes by
/// itself, and what was handed over without an outcome is proved by a copy in the Sent folder or waits for a person.
/// </summary>
public sealed class DeathTests
{
    // Of twenty-five messages ten go in a batch. In the second one the first has its outcomes, and the third is intended only.
    [Theory]
    [OnEveryDatabase(InjectionPoints.BeforeIntent, 1)]
    [OnEveryDatabase(InjectionPoints.AfterIntent, 1)]
    [OnEveryDatabase(InjectionPoints.AfterHanded, 2)]
    [OnEveryDatabase(InjectionPoints.InsideBatch, 13)]
    [OnEveryDatabase(InjectionPoints.AfterAccepted, 14)]
    [OnEveryDatabase(InjectionPoints.BeforeOutcome, 2)]
    public async Task nobody_is_mailed_twice_and_no_run_is_lost(DatabaseKind kind, string point, int pass)
    {
        await using var scene = new DeathScene(kind, point, pass);
        await scene.DieAsync();
        var doubted = scene.InDoubt;
        doubted.Any().ShouldBe(point is InjectionPoints.AfterHanded or InjectionPoints.InsideBatch or InjectionPoints.AfterAccepted or InjectionPoints.BeforeOutcome);
        var proved = doubted.Where((_, index) => index % 3 == 0).ToHashSet();
        foreach (var lead in proved) await scene.ProveAsync(lead);

        await scene.LiveOnAsync();

        var open = doubted.Except(proved).ToHashSet();
        var runs = await scene.SettledAsync((lead, run) => open.Contains(lead) ? run is { State: "failed", ReasonCode: "outcome_unknown" } : IsAtSecond(run));
        var before = await scene.ArrivedAsync(lead => !doubted.Contains(lead));
        foreach (var (lead, inbox) in scene.Leads.Zip(before)) inbox.Count.ShouldBeInRange(doubted.Contains(lead) ? 0 : 1, 1, lead);
        var decided = await DecideAsync(scene, [.. open.Select(lead => (runs[lead], IsThere(scene, before, lead)))]);

        await scene.SettledAsync((_, run) => IsAtSecond(run));
        await Eventually.SeeAsync(scene.InboxesAsync, inboxes => inboxes.Count(inbox => inbox.Count > 0) >= before.Count(inbox => inbox.Count > 0) + decided);
        foreach (var (lead, inbox) in scene.Leads.Zip(await scene.InboxesAsync()))
        {
            inbox.Count.ShouldBeInRange(doubted.Contains(lead) ? 0 : 1, 1, lead);
            if (scene.Left.TryGetValue(lead, out var mark)) inbox.ShouldAllBe(id => id == mark.Header);
        }
    }

    /// <summary>
    /// A person looks what arrived: it was delivered, or it is sent again, under the same Message-ID. The first one errs, and says of a lost email that it was delivered.
    /// Gives how many are sent again.
    /// </summary>
    private static async Task<int> DecideAsync(DeathScene scene, IReadOnlyList<(Enrollment Run, bool Arrived)> open)
    {
        var resent = 0;
        foreach (var ((run, arrived), index) in open.Select((one, index) => (one, index)))
        {
            var plain = await scene.Client.RefusedAsync(HttpMethod.Post, $"enrollments/{run.Id}/retry", new Retry());
            plain.Problem.Code.ShouldBe("unknown_needs_decision");
            var resend = !arrived && index > 0;
            if (resend) resent++;
            await scene.Client.PostAsync<object>($"enrollments/{run.Id}/retry", new Retry(resend ? UnknownOutcome.Resend : UnknownOutcome.Delivered));
        }
        return resent;
    }

    private static bool IsAtSecond(Enrollment run) => run is { State: "active", Step: 2, EmailsSent: 1, NextAt: not null };

    private static bool IsThere(DeathScene scene, IReadOnlyList<IReadOnlyList<string>> inboxes, string lead) => inboxes[scene.Leads.ToList().IndexOf(lead)].Count > 0;
}
