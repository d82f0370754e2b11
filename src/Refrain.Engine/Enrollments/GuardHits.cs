using Refrain.Core.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>Stores everything that spoke against an enrollment, not only the first, which gave its state.</summary>
internal static class GuardHits
{
    private static readonly Table<(Enrollment Run, int Ordinal, GuardHit Hit)> Hits = new("enrollment_guard_hit",
        new("bucket", ColumnType.Integer, row => row.Run.Bucket),
        new("enrollment_id", ColumnType.Uuid, row => row.Run.Id.Value),
        new("ordinal", ColumnType.Integer, row => row.Ordinal),
        new("guard", ColumnType.Text, row => row.Hit.Guard.WireName()),
        new("state", ColumnType.Text, row => row.Hit.State.WireName()),
        new("why_code", ColumnType.Text, row => row.Hit.Why.Code),
        new("why_sentence", ColumnType.Text, row => row.Hit.Why.Sentence),
        new("why_arguments", ColumnType.Json, row => EnrollmentRow.Arguments(row.Hit.Why)));

    public static Task WriteAsync(Session session, IEnumerable<Admission> admitted, CancellationToken cancel) =>
        session.InsertAsync(Hits, [.. admitted.SelectMany(one => one.Hits.Select((hit, index) => (one.Enrollment, index, hit)))], cancel);
}
