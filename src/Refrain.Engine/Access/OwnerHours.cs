using System.Text.Json;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Schedules;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Access;

/// <summary>
/// The working hours of users, as stored and as schedules. They are read anew whenever a run is taken up: who was put off to an hour that is shut by then waits on. Who
/// waits for a time that he was told keeps it where the hours got longer; nobody waits longer than that.
/// </summary>
internal static class OwnerHours
{
    private const string Field = "workingHours";
    private const int MostWindows = 50;

    private const string MembersSql = "select id as Id, working_hours as Hours from member where working_hours is not null and";

    public static IReadOnlyList<Problem> Problems(WorkingHours? hours) => hours switch
    {
        null => [],
        { Windows.Count: > MostWindows } => [new($"{Field}.windows", "too_many_windows", $"{hours.Windows.Count} windows are too many; up to {MostWindows} are allowed.")],
        _ => ScheduleProblems.OfHours(hours.TimeZone, [.. hours.Windows.Select(SequenceDefinitions.Window)], Field),
    };

    /// <summary>Null where there are no hours.</summary>
    public static string? Write(WorkingHours? hours) => hours is { Windows.Count: > 0 } ? JsonSerializer.Serialize(hours, WireJson.Options) : null;

    public static WorkingHours? Read(string? stored) => stored is null ? null : JsonSerializer.Deserialize<WorkingHours>(stored, WireJson.Tolerant);

    public static Schedule? Of(string? stored) => Read(stored) is { } hours
        ? Schedule.OfOwner(DateTimeZoneProviders.Tzdb[hours.TimeZone], [.. hours.Windows.Select(SequenceDefinitions.Window)])
        : null;

    /// <summary>Of those of these users who have some.</summary>
    public static async Task<IReadOnlyDictionary<UserId, Schedule>> LoadAsync(Session session, IEnumerable<UserId> users, CancellationToken cancel)
    {
        var ids = users.Select(id => id.Value).Distinct().ToList();
        if (ids.Count == 0) return new Dictionary<UserId, Schedule>();
        var rows = await session.QueryAsync<Row>($"{MembersSql} {session.Dialect.In("id", "@ids")}", new { ids = session.Dialect.List(ids) }, cancel);
        return rows.ToDictionary(row => row.Id, row => Of(row.Hours)!);
    }

    private sealed class Row
    {
        public UserId Id { get; init; }
        public string Hours { get; init; } = "";
    }
}
