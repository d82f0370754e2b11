using NodaTime;

namespace Refrain.Core.Forecasts;

/// <summary>Runs a plan on a virtual clock that leaps from one event to the next. Pure: the same plan gives the same forecast.</summary>
public static class Forecaster
{
    /// <summary>How far it looks.</summary>
    public static Duration Horizon { get; } = Duration.FromDays(3653);

    /// <summary>What will happen if nobody interferes.</summary>
    public static Forecast Run(ForecastPlan plan) => new ForecastRun(plan).ToEnd();
}
