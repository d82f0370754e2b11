using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Mailboxes;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>The caps of one mailbox, as a batch uses them up. Its row is locked while this lives, so two processes cannot both take the last slot.</summary>
internal sealed class MailboxCaps(MailboxCaps.Row row, IReadOnlyList<MailboxCaps.Cap> caps, Instant now)
{
    private readonly int[] taken = new int[caps.Count];
    private readonly int[] waiting = new int[caps.Count];
    private Instant? nextFree = row.GapNextAt;

    public MailboxHealth Health => StoredName.Parse<MailboxHealth>(row.Health);
    public string? HealthReason => row.HealthReason;
    public Instant HealthSince => row.HealthSince;
    public Instant? ReadAt => row.ReadAt;

    /// <summary>The end of the minimum gap; null when none runs.</summary>
    public Instant? GapUntil => nextFree > now ? nextFree : null;

    /// <summary>How many more the fullest cap lets through now; null = no cap.</summary>
    public int? Free => caps.Count == 0 ? null : caps.Select((cap, index) => Math.Max(0, cap.Limit - cap.Used - taken[index])).Min();

    /// <summary>The caps that are used up, each with the release predicted for the next one that waits.</summary>
    public IReadOnlyList<CapUse> Full =>
        [.. caps.Select((cap, index) => (cap, index)).Where(one => one.cap.Used + taken[one.index] >= one.cap.Limit)
            .Select(one => new CapUse(one.cap.Name, one.cap.Used + taken[one.index], one.cap.Limit, one.cap.ReleaseAt(one.cap.Waiting + waiting[one.index], now)))];

    /// <summary>When the next slot of a full cap is free; null when none is full.</summary>
    public Instant? NextRelease => caps.Where((cap, index) => cap.Used + taken[index] >= cap.Limit).Select(cap => (Instant?)cap.ReleaseAt(0, now)).Max();

    /// <summary>Reserves a slot, and plans the gap behind it.</summary>
    public void Take()
    {
        for (var index = 0; index < caps.Count; index++) taken[index]++;
        if (row.MinimumGapSeconds > 0) nextFree = now + Duration.FromSeconds(row.MinimumGapSeconds);
    }

    /// <summary>Puts one more behind those that wait for a slot.</summary>
    public void Queue(string cap)
    {
        for (var index = 0; index < caps.Count; index++)
            if (caps[index].Name == cap)
                waiting[index]++;
    }

    /// <summary>Plans one more behind the gap: the next that asks is told a later time.</summary>
    public void PlanBehindGap() => nextFree += Duration.FromSeconds(row.MinimumGapSeconds);

    /// <summary>The gap as it will be stored: only what was really sent moves it.</summary>
    public Instant? GapToStore => taken.Length > 0 && taken[0] > 0 || row.MinimumGapSeconds > 0 && nextFree == now + Duration.FromSeconds(row.MinimumGapSeconds)
        ? now + Duration.FromSeconds(row.MinimumGapSeconds) : row.GapNextAt;

    /// <summary>One cap: its name, limit, use (accepted in the window, and reserved), the waiting, and when the used slots fall out of the window, soonest first.</summary>
    internal sealed record Cap(string Name, int Limit, int Used, int Waiting, Duration Window, IReadOnlyList<(Instant At, int Count)> Releases)
    {
        /// <summary>When the one with so many before it gets its slot. Slots taken by those before it come round again after the window.</summary>
        public Instant ReleaseAt(int before, Instant now)
        {
            var round = before / Limit;
            var place = Used - Limit + before % Limit + 1;
            var freed = 0;
            foreach (var (at, count) in Releases)
            {
                freed += count;
                if (freed >= place) return at + round * Window;
            }
            return now + (round + 1) * Window;
        }
    }

    /// <summary>A mailbox row as the caps need it.</summary>
    internal sealed class Row
    {
        public int Bucket { get; init; }
        public MailboxId Id { get; init; }
        public UserId Owner { get; init; }
        public int? DailyCap { get; init; }
        public int? HourlyCap { get; init; }
        public int? UserCap { get; init; }
        public int MinimumGapSeconds { get; init; }
        public Instant? GapNextAt { get; init; }
        public string Health { get; init; } = "";
        public string? HealthReason { get; init; }
        public Instant HealthSince { get; init; }
        public Instant? ReadAt { get; init; }
    }
}
