using NodaTime;
using Refrain.Core.Throttles;

namespace Refrain.Core.Forecasts;

/// <summary>Runs a plan on a virtual clock, by the desks that the engine asks. Pure: the same plan gives the same forecast.</summary>
public static class Forecaster
{
    /// <summary>How far it looks.</summary>
    public static Duration Horizon { get; } = Duration.FromDays(3653);

    /// <summary>What will happen if nobody interferes.</summary>
    public static Forecast Run(ForecastPlan plan)
    {
        var outlook = new SendingOutlook(plan.Desks, plan.Runs, plan.Now, peopleAct: true);
        var ledger = new ForecastLedger(plan.Subject, plan.Days, plan.Now);
        foreach (var run in plan.Runs)
            ledger.Begin(run);
        foreach (var happened in outlook.Play(plan.Now + Horizon))
            ledger.Write(happened);
        var cause = outlook.Next is null ? ObstacleKind.NoPlace : ObstacleKind.TooFar;
        foreach (var (run, step) in outlook.Open)
            ledger.GiveUp(run, step, cause);
        return ledger.Close();
    }
}
