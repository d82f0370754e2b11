using System.Text.Json;
using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>The layers of a run as one JSON text: read back as a whole, and never searched.</summary>
internal sealed record StoredLayers
{
    public string? Verdict { get; init; }
    public StoredHold? Pause { get; init; }
    public StoredHold? Absence { get; init; }
    public string? FailureCause { get; init; }
    public string? FailureDetail { get; init; }
    public long? FailureSince { get; init; }
    public string Phase { get; init; } = "";
    public string? Step { get; init; }
    public long? DelayEnds { get; init; }
    public long? NextAt { get; init; }
    public long? Remaining { get; init; }
    public int Attempts { get; init; }
    public string? Task { get; init; }
    public long? DueAt { get; init; }
    public bool Approved { get; init; }

    /// <summary>The absence that the message itself told of, whatever it came to; null where it told of none.</summary>
    public StoredHold? Said { get; init; }

    public static string Write(Layers layers, AbsenceStarted? said)
    {
        var place = layers.Position;
        return JsonSerializer.Serialize(new StoredLayers
        {
            Verdict = layers.Verdict?.WireName(), Pause = Of(layers.Pause), Absence = Of(layers.Absence),
            FailureCause = layers.Failure is { } failure ? StoredName.Of(failure.Cause) : null, FailureDetail = layers.Failure?.Detail, FailureSince = Ticks(layers.Failure?.Since),
            Phase = StoredName.Of(place.Phase), Step = place.Step?.ToString(), DelayEnds = Ticks(place.DelayEnds), NextAt = Ticks(place.NextAt),
            Remaining = (long?)place.Remaining?.BclCompatibleTicks, Attempts = place.Attempts, Task = place.Task?.ToString(), DueAt = Ticks(place.DueAt), Approved = place.Approved,
            Said = said is null ? null : new(said.At.ToUnixTimeTicks(), Ticks(said.Until), said.Dated),
        });
    }

    /// <summary>A cap that was used up then is asked again, so it is not kept.</summary>
    public static Layers Read(string json)
    {
        var stored = JsonSerializer.Deserialize<StoredLayers>(json)!;
        return new(
            stored.Verdict is { } verdict ? EnrollmentStates.FromWireName(verdict) : null, stored.Pause?.ToHold(), stored.Absence?.ToHold(),
            stored.FailureSince is { } since ? new(StoredName.Parse<FailureCause>(stored.FailureCause!), stored.FailureDetail, At(since)) : null,
            new(StoredName.Parse<Phase>(stored.Phase), StepId.TryParse(stored.Step, out var step) ? step : null, At(stored.DelayEnds), At(stored.NextAt),
                stored.Remaining is { } ticks ? Duration.FromTicks(ticks) : null, stored.Attempts, null, TaskId.TryParse(stored.Task, out var task) ? task : null,
                At(stored.DueAt), stored.Approved));
    }

    public static Hold? ReadSaid(string json) => JsonSerializer.Deserialize<StoredLayers>(json)!.Said?.ToHold();

    private static StoredHold? Of(Hold? hold) => hold is null ? null : new(hold.Since.ToUnixTimeTicks(), Ticks(hold.Until), hold.Dated);

    private static long? Ticks(Instant? at) => at?.ToUnixTimeTicks();

    private static Instant? At(long? ticks) => ticks is { } known ? At(known) : null;

    private static Instant At(long ticks) => Instant.FromUnixTimeTicks(ticks);
}

/// <summary>A hold in such a text, its instants as ticks since 1970.</summary>
internal sealed record StoredHold(long Since, long? Until, bool Dated)
{
    public Hold ToHold() => new(Instant.FromUnixTimeTicks(Since), Until is { } until ? Instant.FromUnixTimeTicks(until) : null, Dated);
}
