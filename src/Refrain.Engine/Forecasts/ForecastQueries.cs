using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Forecasts;
using Refrain.Engine.Access;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sending;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;
using Wire = Refrain.Contracts;

namespace Refrain.Engine.Forecasts;

/// <summary>Says what will go out and when, before anything is sent. It reads, and writes nothing.</summary>
public sealed class ForecastQueries(Database database, SequenceCatalog catalog, TimeProvider time)
{
    private const int MostContacts = 250_000;
    private const int MostDaily = 10_000;
    private const string MailboxField = "mailboxId";

    /// <summary>Over the published version, which new contacts run through; over the draft where there is none.</summary>
    public async Task<Answer<Wire.Forecast>> RunAsync(Caller caller, SequenceId id, ForecastRequest request, CancellationToken cancel)
    {
        var now = time.Now();
        var asked = await database.ReadAsync(session => ReadAsync(session, caller, id, request, now, cancel), cancel);
        return asked switch
        {
            Answer<ForecastPlan>.Done { Value: var plan } => Shown(Forecaster.Run(plan)),
            Answer<ForecastPlan>.Wrong wrong => new Answer<Wire.Forecast>.Wrong(wrong.Problems),
            _ => new Answer<Wire.Forecast>.Missing(),
        };
    }

    private async Task<Answer<ForecastPlan>> ReadAsync(
        Session session, Caller caller, SequenceId id, ForecastRequest request, Instant now, CancellationToken cancel)
    {
        if (await session.FirstAsync<SequenceRow>(SequenceRow.OneSql, new { workspace = caller.Workspace, id }, cancel) is not { } row) return new Answer<ForecastPlan>.Missing();
        var text = SequenceDefinitions.Read(row.Draft);
        if (row.Version == 0 && SequenceProblems.OfPublication(id, text, now) is { Count: > 0 } problems) return new Answer<ForecastPlan>.Wrong(problems);
        var sequence = row.Version > 0 ? await catalog.GetAsync(session, id, row.Version, cancel) : SequenceDefinitions.ToSequence(id, 0, text);
        var schedule = ContactSchedules.Of(sequence, contactZone: null);
        var findings = Check(request, now.InZone(schedule.Zone).Date);
        var mailbox = await ForecastSenders.OwnAsync(session, caller, request.MailboxId, cancel);
        if (mailbox is null && request.MailboxId is not null) findings.Add(MailboxField, "not_found", $"There is no mailbox \"{request.MailboxId}\".");
        if (findings.Any) return new Answer<ForecastPlan>.Wrong(findings.All);
        var members = await WaitingWaves.MembersAsync(session, id, mailbox?.Member, cancel);
        var senders = await ForecastSenders.LoadAsync(session, members, mailbox?.Id, request, cancel);
        var waiting = await new WaitingWaves(session, catalog).LoadAsync(members, senders, now, cancel);
        var start = request.Start is { } day ? schedule.Zone.AtStartOfDay(LocalDate.FromDateOnly(day)).ToInstant() : now;
        var news = await NewWaves.OfAsync(session, caller.Workspace, sequence, mailbox?.Id, senders, Instant.Max(start, now), request.Contacts, cancel);
        var desks = await senders.DesksAsync(session, ScopeOf([.. waiting, .. news]), now, cancel);
        return new ForecastPlan(now, schedule.Zone, id, desks, Wave.RunsOf([.. waiting, .. news]));
    }

    private static DeskScope ScopeOf(IReadOnlyList<Wave> waves) => new(
        [.. waves.Select(wave => wave.Like.Sequence).Distinct().OrderByDescending(sequence => sequence.Version)],
        waves.Select(wave => wave.Like.Domain).ToHashSet(StringComparer.Ordinal), CountWaiting: false);

    private static Findings Check(ForecastRequest request, LocalDate today)
    {
        var findings = new Findings();
        findings.Within("contacts", request.Contacts, 0, MostContacts);
        findings.Within("dailyCap", request.DailyCap, 1, MostDaily);
        findings.Within("hourlyCap", request.HourlyCap, 1, MostDaily);
        var last = today.PlusDays((int)Forecaster.Horizon.TotalDays);
        if (request.Start is { } start && LocalDate.FromDateOnly(start) is var day && (day < today || day > last))
            findings.Add("start", "out_of_range", $"start is {start:yyyy-MM-dd}; allowed is today, {today:uuuu'-'MM'-'dd}, to {last:uuuu'-'MM'-'dd}.");
        return findings;
    }

    private static Wire.Forecast Shown(Core.Forecasts.Forecast forecast) => new(
        [.. forecast.Days.Select(day => new Wire.ForecastDay(day.Day.ToDateOnly(), day.Sent, day.Waiting))],
        forecast.LastSendAt?.ToDateTimeOffset(), forecast.FinishedAt?.ToDateTimeOffset(),
        [.. forecast.Obstacles.Select(one => new Wire.Obstacle(one.Why.Code, one.Why.Sentence, one.Step, one.Contacts))]);
}
