using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Checkups;

/// <summary>How something is: as it should be, in need of attention, or wrong.</summary>
public enum Condition
{
    Good,
    Notice,
    Wrong,
}

/// <summary>One thing that was looked at.</summary>
public sealed record Symptom(string Name, Condition Condition, string Detail);

/// <summary>Looks an installation over from its database.</summary>
public sealed class Checkup(Database database, TimeProvider time)
{
    private static readonly Duration ClockTolerance = Duration.FromSeconds(5);

    // The journal of dbup; its name is found in either spelling.
    private const string MigrationsSql = "select scriptname from schemaversions order by scriptname";
    private const string MailboxesSql = "select address as Address, health as Health, health_reason as Reason from mailbox where deleted_at is null order by address";
    private const string LateSql = "select count(*) from enrollment where bucket in (select number from bucket) and next_at < @before and not frozen";

    public async Task<IReadOnlyList<Symptom>> LookAsync(CancellationToken cancel) =>
    [
        await SchemaAsync(cancel),
        await ClockAsync(cancel),
        await QueueAsync(cancel),
        HolidayData(time.Now().InUtc().Date),
        .. await MailboxesAsync(cancel),
    ];

    private async Task<Symptom> SchemaAsync(CancellationToken cancel)
    {
        var scripts = await database.ReadAsync(session => session.QueryAsync<string>(MigrationsSql, null, cancel), cancel);
        return scripts is [.., var newest]
            ? new("schema", Condition.Good, $"migrations applied: {scripts.Count}, the newest {newest.Split('.')[^3]}")
            : new("schema", Condition.Wrong, "no migration was applied");
    }

    /// <summary>After its last day no day is a holiday any more, and nothing else would tell.</summary>
    internal static Symptom HolidayData(LocalDate today)
    {
        var last = Holidays.LastCovered;
        var until = $"known until {last:uuuu'-'MM'-'dd}";
        if (today > last) return new("holidays", Condition.Wrong, $"{until}: no day is a holiday any more; update Refrain");
        return today.PlusYears(1) > last
            ? new("holidays", Condition.Notice, $"{until}, which is less than a year away; update Refrain before")
            : new("holidays", Condition.Good, until);
    }

    private async Task<Symptom> ClockAsync(CancellationToken cancel)
    {
        if (database.Kind == DatabaseKind.Sqlite) return new("clock", Condition.Good, $"{time.Now()}, the database has no clock of its own");
        var theirs = await database.ReadAsync(session => session.FirstAsync<Instant>("select now()", null, cancel), cancel);
        var apart = theirs - time.Now();
        var right = apart < ClockTolerance && -apart < ClockTolerance;
        return new("clock", right ? Condition.Good : Condition.Wrong, $"the database's clock is {Math.Abs(apart.TotalSeconds):0.0} s {(apart < Duration.Zero ? "behind" : "ahead")}");
    }

    private async Task<Symptom> QueueAsync(CancellationToken cancel)
    {
        var late = await database.ReadAsync(session => session.FirstAsync<long>(LateSql, new { before = time.Now() - Duration.FromMinutes(15) }, cancel), cancel);
        return late == 0
            ? new("queue", Condition.Good, "nothing is overdue")
            : new("queue", Condition.Wrong, $"{late} enrollments are overdue by more than 15 minutes: does a server run?");
    }

    private async Task<IReadOnlyList<Symptom>> MailboxesAsync(CancellationToken cancel)
    {
        var rows = await database.ReadAsync(session => session.QueryAsync<Row>(MailboxesSql, null, cancel), cancel);
        return rows.Count == 0
            ? [new("mailboxes", Condition.Notice, "none is connected: nothing can be sent")]
            : [.. rows.Select(row => new Symptom($"mailbox {row.Address}", ConditionOf(row.Health), row.Reason ?? row.Health))];
    }

    private static Condition ConditionOf(string health) => StoredName.Parse<Core.Mailboxes.MailboxHealth>(health) switch
    {
        Core.Mailboxes.MailboxHealth.Healthy => Condition.Good,
        Core.Mailboxes.MailboxHealth.Checking => Condition.Notice,
        Core.Mailboxes.MailboxHealth.Unhealthy => Condition.Wrong,
    };

    private sealed record Row
    {
        public string Address { get; init; } = "";
        public string Health { get; init; } = "";
        public string? Reason { get; init; }
    }
}
