using NodaTime;
using Refrain.Core.Enrollments;

namespace Refrain.Core.Forecasts;

/// <summary>A day of the sequence's zone: how many of its emails go, and how many are due at its end and wait for a slot.</summary>
public sealed record ForecastDay(LocalDate Day, int Sent, int Waiting);

/// <summary>
/// What will happen if nobody replies, nothing bounces, and every task is done when it comes due: so the most that can be sent,
/// and the latest that it ends.
/// </summary>
/// <param name="Days">Every day from the first to the last on which something happens.</param>
/// <param name="LastSendAt">When the last email goes; null when none does.</param>
/// <param name="FinishedAt">When the last run ends; null when some can never finish, or nobody runs.</param>
/// <param name="Obstacles">Why some can never finish; empty when all do.</param>
public sealed record Forecast(IReadOnlyList<ForecastDay> Days, Instant? LastSendAt, Instant? FinishedAt, IReadOnlyList<Obstacle> Obstacles);

/// <summary>Why runs can never finish. <paramref name="Step"/>: the number of the first step that some of them cannot get past.</summary>
public sealed record Obstacle(ObstacleKind Kind, int Step, int Contacts, Why Why);

/// <summary>What can keep a run from ever finishing.</summary>
public enum ObstacleKind
{
    /// <summary>The sequence ends before.</summary>
    EndDate,

    /// <summary>No window opens in which the step may happen.</summary>
    NeverOpens,

    /// <summary>The sequence allows no more runs at once, and those that are under way do not end by themselves.</summary>
    NoPlace,

    /// <summary>There is no mailbox to send from.</summary>
    NoSender,

    /// <summary>It takes longer than is foreseen.</summary>
    TooFar,
}
