using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>What a message that came in did to a run, and the run as it was before: a row for each, written by the door with the event.</summary>
internal sealed class EnrollmentBefore
{
    public const string Columns = """
        bucket as Bucket, enrollment_id as Enrollment, ordinal as Ordinal, message_id as Message, at as At, signal as Signal, made as Made, moved as Moved, layers as Layers,
        counted_step as CountedStep, counted_outcome as CountedOutcome, undone_at as UndoneAt
        """;

    private static readonly Table<EnrollmentBefore> Rows = new("enrollment_before",
        new("bucket", ColumnType.Integer, row => row.Bucket),
        new("enrollment_id", ColumnType.Uuid, row => row.Enrollment.Value),
        new("ordinal", ColumnType.Integer, row => row.Ordinal),
        new("message_id", ColumnType.Uuid, row => row.Message.Value),
        new("at", ColumnType.Instant, row => row.At),
        new("signal", ColumnType.Text, row => row.Signal),
        new("made", ColumnType.Text, row => row.Made),
        new("moved", ColumnType.Boolean, row => row.Moved),
        new("layers", ColumnType.Json, row => row.Layers),
        new("counted_step", ColumnType.Uuid, row => row.CountedStep?.Value),
        new("counted_outcome", ColumnType.Text, row => row.CountedOutcome));

    public int Bucket { get; init; }
    public EnrollmentId Enrollment { get; init; }
    public int Ordinal { get; init; }
    public MessageId Message { get; init; }
    public Instant At { get; init; }
    public string Signal { get; init; } = "";
    public string Made { get; init; } = "";
    public bool Moved { get; init; }
    public string Layers { get; init; } = "";
    public StepId? CountedStep { get; init; }
    public string? CountedOutcome { get; init; }
    public Instant? UndoneAt { get; init; }

    public SignalKind Kind => SignalNames.TryParse(Signal, out var kind) ? kind : throw new InvalidOperationException($"There is no signal {Signal}.");

    public Undo ToUndo() => new(Kind, At, EnrollmentStates.FromWireName(Made), StoredLayers.Read(Layers));

    public static Task WriteAsync(Session session, IReadOnlyList<Move> moves, CancellationToken cancel) =>
        session.InsertAsync(Rows, [.. moves.Where(move => move.Incoming is not null).Select(Of)], cancel);

    /// <summary>A message that the run was not told of is now what keeps it closed. <paramref name="ordinal"/>: of the line in which that is said.</summary>
    public static Task InheritAsync(Session session, EnrollmentBefore from, MessageId message, int ordinal, EnrollmentState made, CancellationToken cancel) =>
        session.InsertAsync(Rows,
        [
            new EnrollmentBefore
            {
                Bucket = from.Bucket, Enrollment = from.Enrollment, Ordinal = ordinal, Message = message, At = from.At, Moved = true, Layers = from.Layers, Made = made.WireName(),
                Signal = (made == EnrollmentState.FinishedBounced ? SignalKind.HardBounced : SignalKind.OptedOut).WireName(),
            },
        ], cancel);

    private static EnrollmentBefore Of(Move move)
    {
        var counted = DoorEffects.CountOf(move);
        return new()
        {
            Bucket = move.After.Bucket, Enrollment = move.After.Id, Ordinal = move.After.Revision, Message = move.Incoming!.Value, At = move.Signal.At,
            Signal = move.Signal.Kind.WireName(), Made = move.After.State.WireName(), Moved = move.Transition.Kind == TransitionKind.Moved,
            Layers = StoredLayers.Write(Core.Enrollments.Layers.Of(move.Case.Enrollment), move.Signal as AbsenceStarted), CountedStep = counted?.Step, CountedOutcome = counted?.Outcome,
        };
    }
}
