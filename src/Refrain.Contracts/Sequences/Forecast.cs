namespace Refrain.Contracts;

/// <summary>A question to the virtual clock.</summary>
/// <param name="Contacts">How many are enrolled anew, beside those who wait already.</param>
/// <param name="Start">The day on which they are enrolled, in the sequence's zone; null = now.</param>
/// <param name="DailyCap">As if this were the daily limit of the mailbox and of its user.</param>
/// <param name="HourlyCap">As if this were the hourly limit of the mailbox.</param>
/// <param name="MailboxId">The mailbox of those who are enrolled anew; null = the asker's first healthy one.</param>
public sealed record ForecastRequest(int Contacts = 0, DateOnly? Start = null, int? DailyCap = null, int? HourlyCap = null, string? MailboxId = null);

/// <summary>What will happen if nobody replies, nothing bounces, and every task is done when it comes due.</summary>
/// <param name="LastSendAt">Null: nothing is sent.</param>
/// <param name="FinishedAt">When the last run ends. Null: some can never finish (see <paramref name="Obstacles"/>), or nobody runs.</param>
public sealed record Forecast(IReadOnlyList<ForecastDay> Days, DateTimeOffset? LastSendAt, DateTimeOffset? FinishedAt, IReadOnlyList<Obstacle> Obstacles);

/// <summary>A day in the sequence's zone. <paramref name="Sent"/>: emails of this sequence. <paramref name="Waiting"/>: emails that are due at its end and wait for a slot.</summary>
public sealed record ForecastDay(DateOnly Day, int Sent, int Waiting);

/// <summary>Why contacts can never finish. <paramref name="Step"/>: the first step that they cannot get past.</summary>
public sealed record Obstacle(string Code, string Message, int Step, int Contacts);

/// <summary>Something to know about a version that was published all the same.</summary>
public sealed record Warning(string Code, string Message, int Step);
