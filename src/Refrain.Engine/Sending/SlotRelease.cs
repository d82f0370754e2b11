using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>
/// Lets those through that wait for a slot, whoever's turn it is. A mailbox is looked at when its next slot is free, never before; a look reads the heads of its lanes,
/// not all who wait in them.
/// </summary>
internal sealed class SlotRelease(Database database, WaitingLanes lanes, EnrollmentStore door, TimeProvider time)
{
    private const string DueSql = """
        select m.bucket as Bucket, m.id as Id from bucket b join mailbox m on m.bucket = b.number where m.slots_next_at <= @now order by m.slots_next_at
        """;

    private const string NextSql = "update mailbox set slots_next_at = @next where bucket = @Bucket and id = @Id";

    private static readonly Table<Released> Slots = new("enrollment",
        new("bucket", ColumnType.Integer, row => row.Bucket, IsKey: true),
        new("id", ColumnType.Uuid, row => row.Run.Value, IsKey: true),
        new("slot_at", ColumnType.Instant, row => row.At));

    /// <summary>Returns how many were let through.</summary>
    public async Task<int> ReleaseAsync(CancellationToken cancel)
    {
        var now = time.Now();
        var due = await database.ReadAsync(session => session.QueryAsync<MailboxKey>(DueSql, new { now }, cancel), cancel);
        var (released, done) = (0, new HashSet<MailboxId>());
        foreach (var mailbox in due)
            if (!done.Contains(mailbox.Id))
                released += await database.WriteAsync(session => ReleaseAsync(session, mailbox, done, now, cancel), cancel);
        return released;
    }

    // All mailboxes of the user at once: whose turn it is shows only when all who wait under his cap are seen.
    private async Task<int> ReleaseAsync(Session session, MailboxKey mailbox, HashSet<MailboxId> done, Instant now, CancellationToken cancel)
    {
        var rows = await SlotDesks.LockAsync(session, mailbox.Bucket, [mailbox.Id], cancel);
        var heads = await lanes.HeadsAsync(session, rows, cancel);
        var book = await heads.FillAsync(session, rows, now, cancel);
        var released = new List<Released>();
        foreach (var desk in book.Desks)
            while (desk.Release(now) is { } next)
                released.Add(new(mailbox.Bucket, next.Run.Run, next.Promise));
        var answers = await door.ApplyAsync(session, null, [.. released.Select(one => new Knock(one.Bucket, one.Run, _ => new SlotFreed(now)))], cancel);
        await session.UpdateAsync(Slots, [.. released.Where(one => one.At is not null)], cancel);
        await book.SaveAsync(session, cancel);
        foreach (var row in rows)
        {
            var next = heads.MayHaveMore(row.Id) ? now : book.Mailboxes[row.Id].Desk.NextLook(row.Id, now);
            if (next != row.SlotsNextAt) await session.ExecuteAsync(NextSql, new { row.Bucket, row.Id, next }, cancel);
            done.Add(row.Id);
        }
        return answers.Count(answer => answer.Kind == TransitionKind.Moved);
    }

    private sealed record Released(int Bucket, EnrollmentId Run, Instant? At);
}
