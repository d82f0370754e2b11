using System.Text.Json;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Wire = Refrain.Contracts;

namespace Refrain.Engine.Sequences;

/// <summary>A sequence's text, as it stands on the wire and in the database, and what it means. The two enums of each pair have the same members.</summary>
internal static class SequenceDefinitions
{
    public static string Write(SequenceText text) => JsonSerializer.Serialize(
        new SequenceText { Name = text.Name, Settings = text.Settings, Steps = text.Steps }, WireJson.Options);

    /// <summary>Reads what was stored, by this version or by an older or newer one.</summary>
    public static SequenceText Read(string json) => JsonSerializer.Deserialize<SequenceText>(json, WireJson.Tolerant)!;

    /// <summary>Steps that are new get their id here.</summary>
    public static SequenceText WithIds(SequenceText text) => WithIds(text, []);

    /// <summary>The same, where a step that comes back without its id and says what it said before is no new one: else its runs would be stranded.</summary>
    public static SequenceText WithIds(SequenceText text, IReadOnlyList<SequenceStep> before)
    {
        var free = before.Where(old => text.Steps.All(step => step.Id != old.Id)).ToList();
        return text with { Steps = [.. text.Steps.Select(step => step.Id is null ? step with { Id = Take(free, step) ?? StepId.New().ToString() } : step)] };
    }

    public static SequenceDraft ToDraft(SequenceId id, SequenceText text) => new(id, text.Name, Settings(text.Settings), [.. text.Steps.Select(Draft)]);

    public static Core.Sequences.Sequence ToSequence(SequenceId id, int version, SequenceText text) =>
        new(id, version, text.Name, Settings(text.Settings), [.. text.Steps.Select((step, index) => Published(step, index + 1))]);

    public static Core.Schedules.SendWindow Window(Wire.SendWindow window) => new(
        window.Days.Select(day => (IsoDayOfWeek)((int)day + 1)).ToHashSet(), LocalTime.FromTimeOnly(window.From), LocalTime.FromTimeOnly(window.To));

    private static Core.Sequences.SequenceSettings Settings(Wire.SequenceSettings wire) => new()
    {
        StopOnReply = wire.StopOnReply,
        StopOnAnyEmail = wire.StopOnAnyEmail,
        PauseOnOutOfOffice = wire.PauseOnOutOfOffice,
        ResumeAfter = wire.ResumeAfter is { } delay ? Delay(delay) : null,
        Readd = Twin<Core.Sequences.ReaddRule>(wire.Readd),
        OneAtATime = wire.OneAtATime,
        LateReplyWait = Delay(wire.LateReplyWait),
        TimeZone = wire.TimeZone,
        UseContactTimeZone = wire.UseContactTimeZone,
        WeekdaysOnly = wire.WeekdaysOnly,
        Windows = [.. wire.Windows.Select(Window)],
        OwnerHours = wire.OwnerHours,
        Holidays = wire.Holidays,
        OwnHolidays = OwnCalendar.Days(wire.Calendar),
        EndsOn = wire.EndsOn is { } day ? LocalDate.FromDateOnly(day) : null,
        Threading = wire.Threading,
        UnsubscribeFooter = wire.UnsubscribeFooter,
        ListUnsubscribe = wire.ListUnsubscribe,
        NewContactsPerDay = wire.NewContactsPerDay,
        MaximumLive = wire.MaximumLive,
        Weight = wire.Weight,
        StaleAfterDays = wire.Stale.AfterDays,
        Stale = Twin<Core.Sequences.StalePolicy>(wire.Stale.Policy),
    };

    private static DraftStep Draft(SequenceStep step) => new(
        Id(step), Twin<Core.Sequences.StepKind>(step.Kind), Delay(step.Delay), At(step), step.Subject, step.Text, step.Html, step.Title, step.Note, step.Channel,
        step.Outcomes?.ToDictionary(outcome => outcome.Key, outcome => WireName.Of(outcome.Value), StringComparer.Ordinal));

    private static Step Published(SequenceStep step, int number)
    {
        var kind = Twin<Core.Sequences.StepKind>(step.Kind);
        var isEmail = kind is Core.Sequences.StepKind.Email or Core.Sequences.StepKind.ManualEmail;
        return new(
            Id(step), number, kind, Delay(step.Delay), At(step), isEmail ? new EmailTemplate(step.Subject!, step.Text!, step.Html) : null, step.Title, step.Note,
            step.Channel, step.Outcomes?.ToDictionary(outcome => outcome.Key, outcome => Twin<Core.Sequences.OutcomeAction>(outcome.Value), StringComparer.Ordinal));
    }

    private static string? Take(List<SequenceStep> free, SequenceStep step)
    {
        if (free.Find(old => Words(old) == Words(step)) is not { } same) return null;
        free.Remove(same);
        return same.Id;
    }

    private static (Contracts.StepKind, string?, string?, string?, string?, string?, string?) Words(SequenceStep step) =>
        (step.Kind, step.Subject, step.Text, step.Html, step.Title, step.Note, step.Channel);

    private static StepId Id(SequenceStep step) => StepId.TryParse(step.Id, out var id) ? id : throw new FormatException($"\"{step.Id}\" is no id of a step.");

    private static LocalTime? At(SequenceStep step) => step.At is { } time ? LocalTime.FromTimeOnly(time) : null;

    private static StepDelay Delay(Delay delay) => new(delay.Value, Twin<Core.Schedules.DelayUnit>(delay.Unit));

    private static T Twin<T>(Enum value) where T : struct, Enum => Enum.Parse<T>(value.ToString());
}
