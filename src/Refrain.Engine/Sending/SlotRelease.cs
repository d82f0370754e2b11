using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>Gives freed slots to those that wait for one: follow-ups before first steps, the longest due first. A mailbox is looked at when its next slot is free, never before.</summary>
internal sealed class SlotRelease(Database database, MailboxCapsReader capsReader, EnrollmentStore door, TimeProvider time)
{
    private const string DueSql = """
        select m.bucket as Bucket, m.id as Id from bucket b join mailbox m on m.bucket = b.number where m.slots_next_at <= @now
        """;

    private const string WaitingSql = """
        select id from enrollment where bucket = @bucket and mailbox_id = @mailbox and waits_for = 'slot'
        order by case when step_number > 1 then 0 else 1 end, delay_ends, id limit @limit
        """;

    private const string NextSql = "update mailbox set slots_next_at = @next where bucket = @bucket and id = @mailbox";
    private const int Most = 500;

    /// <summary>Returns how many got a slot.</summary>
    public async Task<int> ReleaseAsync(CancellationToken cancel)
    {
        var now = time.Now();
        var due = await database.ReadAsync(session => session.QueryAsync<MailboxKey>(DueSql, new { now }, cancel), cancel);
        var released = 0;
        foreach (var mailbox in due)
            released += await database.WriteAsync(session => ReleaseAsync(session, mailbox, now, cancel), cancel);
        return released;
    }

    private async Task<int> ReleaseAsync(Session session, MailboxKey mailbox, Instant now, CancellationToken cancel)
    {
        var locked = await capsReader.LockAsync(session, mailbox.Bucket, [mailbox.Id], now, cancel);
        if (!locked.TryGetValue(mailbox.Id, out var caps)) return 0;
        var free = Math.Min(caps.Free ?? Most, Most);
        var chosen = await session.QueryAsync<EnrollmentId>(WaitingSql, new { bucket = mailbox.Bucket, mailbox = mailbox.Id, limit = free + 1 }, cancel);
        await door.ApplyAsync(session, null, [.. chosen.Take(free).Select(id => new Knock(mailbox.Bucket, id, _ => new SlotFreed(now)))], cancel);
        Instant? next = chosen.Count > free ? free == 0 ? caps.NextRelease ?? now + Duration.FromMinutes(1) : now + Duration.FromSeconds(1) : null;
        await session.ExecuteAsync(NextSql, new { bucket = mailbox.Bucket, mailbox = mailbox.Id, next }, cancel);
        return Math.Min(free, chosen.Count);
    }
}

/// <summary>Where a mailbox lies.</summary>
internal sealed class MailboxKey
{
    public int Bucket { get; init; }
    public MailboxId Id { get; init; }
}
