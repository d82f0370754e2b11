using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;
using Refrain.Engine.Suppressions;

namespace Refrain.Engine.Inbound;

/// <summary>What a misread message left on addresses and people: suppressions, bad addresses, absences. They go, unless another message says the same.</summary>
internal static class Marks
{
    private const string BackSql = """
        update contact set away_since = null, away_until = null, away_dated = @no
        where workspace_id = @Workspace and email = @FromAddress and deleted_at is null and away_since >= @ReceivedAt
            and not exists (select 1 from inbound_message m where m.workspace_id = @Workspace and m.from_address = @FromAddress and m.class = 'out_of_office' and m.id <> @Id
                and m.received_at > @ReceivedAt)
        """;

    // By whatever address he answered: the absence began at the very instant at which his run was held.
    private const string BackByRunSql = """
        update contact set away_since = null, away_until = null, away_dated = @no
        where id = (select contact_id from enrollment where bucket = @Bucket and id = @Enrollment) and away_since = @At
        """;

    private const string AwaySql = """
        update contact set away_since = @Since, away_until = @until, away_dated = @Dated
        where id = (select contact_id from enrollment where bucket = @Bucket and id = @Enrollment) and away_since is null
        """;

    private const string AwayWithoutEndSql = """
        update contact set away_since = @Since, away_until = null, away_dated = @Dated
        where id = (select contact_id from enrollment where bucket = @Bucket and id = @Enrollment) and away_since is null
        """;

    public static async Task WithdrawAsync(Session session, MessageRow message, IReadOnlyList<EnrollmentBefore> touched, Instant now, CancellationToken cancel)
    {
        await SuppressionGrounds.WithdrawAsync(session, message.Workspace, message.Id, cancel);
        if (message.Class != "out_of_office") return;
        await session.ExecuteAsync(BackSql, new { no = false, message.Workspace, message.FromAddress, message.ReceivedAt, message.Id }, cancel);
        foreach (var row in touched) await session.ExecuteAsync(BackByRunSql, new { no = false, row.Bucket, row.Enrollment, row.At }, cancel);
        var earlier = touched.Where(row => row.Moved && row.Kind == SignalKind.AbsenceStarted).Select(row => (row, Hold: StoredLayers.Read(row.Layers).Absence))
            .FirstOrDefault(one => one.Hold is { } hold && !(hold.Until <= now));
        if (earlier.Hold is { } away)
            await session.ExecuteAsync(away.Until is null ? AwayWithoutEndSql : AwaySql,
                new { away.Since, until = away.Until ?? default, away.Dated, earlier.row.Bucket, earlier.row.Enrollment }, cancel);
    }
}
