using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>What a misread message left on addresses and people: suppressions, bad addresses, absences. They go, unless another message says the same.</summary>
internal static class Marks
{
    private const string MarkedSql = """
        select id as Id, value as Value, reason as Reason, earlier_reason as EarlierReason, earlier_source as EarlierSource from suppression
        where workspace_id = @Workspace and message_id = @Id
        """;

    private const string OtherProofSql = """
        select b.message_id from enrollment_before b join enrollment e on e.bucket = b.bucket and e.id = b.enrollment_id join contact c on c.id = e.contact_id
        where c.workspace_id = @Workspace and c.email = @Value and b.signal = @signal and b.message_id <> @Id and b.undone_at is null order by b.at limit 1
        """;

    private const string OtherOptOutSql = """
        select count(*) from enrollment_event v join enrollment e on e.bucket = v.bucket and e.id = v.enrollment_id join contact c on c.id = e.contact_id
        where c.workspace_id = @Workspace and c.email = @Value and v.signal = 'opted_out' and v.message_id is null
        """;

    private const string KeepSql = "update suppression set message_id = @proof where workspace_id = @Workspace and id = @mark";

    private const string OwnNoMessageSql = "update suppression set message_id = null where workspace_id = @Workspace and id = @mark";

    private const string EarlierSql = """
        update suppression set reason = earlier_reason, source = earlier_source, message_id = null, earlier_reason = null, earlier_source = null
        where workspace_id = @Workspace and id = @mark
        """;

    private const string DeleteSql = "delete from suppression where workspace_id = @Workspace and id = @mark";

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
        foreach (var mark in await session.QueryAsync<Mark>(MarkedSql, new { message.Workspace, message.Id }, cancel))
            await WithdrawAsync(session, message, mark, cancel);
        if (message.Class != "out_of_office") return;
        await session.ExecuteAsync(BackSql, new { no = false, message.Workspace, message.FromAddress, message.ReceivedAt, message.Id }, cancel);
        foreach (var row in touched) await session.ExecuteAsync(BackByRunSql, new { no = false, row.Bucket, row.Enrollment, row.At }, cancel);
        var earlier = touched.Where(row => row.Moved && row.Kind == SignalKind.AbsenceStarted).Select(row => (row, Hold: StoredLayers.Read(row.Layers).Absence))
            .FirstOrDefault(one => one.Hold is { } hold && !(hold.Until <= now));
        if (earlier.Hold is { } away)
            await session.ExecuteAsync(away.Until is null ? AwayWithoutEndSql : AwaySql,
                new { away.Since, until = away.Until ?? default, away.Dated, earlier.row.Bucket, earlier.row.Enrollment }, cancel);
    }

    private static async Task WithdrawAsync(Session session, MessageRow message, Mark mark, CancellationToken cancel)
    {
        var bounced = mark.Reason == "bounced";
        var signal = (bounced ? SignalKind.HardBounced : SignalKind.OptedOut).WireName();
        var proof = await session.FirstAsync<MessageId?>(OtherProofSql, new { message.Workspace, mark.Value, signal, message.Id }, cancel);
        var otherwise = !bounced && await session.FirstAsync<int>(OtherOptOutSql, new { message.Workspace, mark.Value }, cancel) > 0;
        var sql = proof is not null ? KeepSql : otherwise ? OwnNoMessageSql : mark.EarlierReason is not null ? EarlierSql : DeleteSql;
        await session.ExecuteAsync(sql, new { message.Workspace, mark = mark.Id, proof = proof ?? default }, cancel);
    }

    private sealed class Mark
    {
        public Guid Id { get; init; }
        public string Value { get; init; } = "";
        public string Reason { get; init; } = "";
        public string? EarlierReason { get; init; }
        public string? EarlierSource { get; init; }
    }
}
