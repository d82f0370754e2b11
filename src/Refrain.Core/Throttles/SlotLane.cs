using NodaTime;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;

namespace Refrain.Core.Throttles;

/// <summary>What those of a lane wait for.</summary>
public enum LaneLimit
{
    /// <summary>A limit of the mailbox or of its user.</summary>
    Sender,

    /// <summary>A limit of the sequence on new contacts.</summary>
    Sequence,

    /// <summary>A limit on one recipient domain.</summary>
    Domain,
}

/// <summary>
/// Who waits in one lane: enrollments of one mailbox to which the same hours and limits apply, so that whether the first may go says it for all,
/// and none of another lane is held up by them.
/// </summary>
/// <param name="Domain">The recipients' domain where its limit is what they wait for; else empty.</param>
/// <param name="Zone">IANA name of the contacts' zone.</param>
public sealed record LaneKey(MailboxId Mailbox, LaneLimit Limit, SequenceId Sequence, int Version, SlotKind Kind, string Zone, string Domain)
{
    public static LaneKey Of(SlotRequest request, CapUse cap)
    {
        var limit = cap.Name switch
        {
            LimitNames.SequenceLive or LimitNames.SequenceNewContacts => LaneLimit.Sequence,
            LimitNames.DomainDaily => LaneLimit.Domain,
            _ => LaneLimit.Sender,
        };
        return new(request.Mailbox, limit, request.Sequence.Id, request.Sequence.Version, request.Kind, request.Hours.Schedule.Zone.Id,
            limit == LaneLimit.Domain ? request.Domain : "");
    }
}

/// <summary>One who waits: since when his step is due, and the domain he is written to.</summary>
public sealed record WaitingRun(EnrollmentId Run, Instant Due, string Domain);

/// <summary>A lane with those who wait in it, the longest waiting first.</summary>
public sealed class SlotLane(LaneKey key, int weight, OpeningTimes hours)
{
    /// <summary>Who waits longer comes first.</summary>
    internal static readonly Comparer<WaitingRun> ByAge = Comparer<WaitingRun>.Create(
        (one, other) => one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Run.Value.CompareTo(other.Run.Value));

    private readonly SortedSet<WaitingRun> _waiting = new(ByAge);

    public LaneKey Key => key;
    public OpeningTimes Hours => hours;
    public Schedule Schedule => hours.Schedule;
    public bool IsEmpty => _waiting.Count == 0;
    public bool HasOne => _waiting.Count == 1;

    /// <summary>As the fair queue sees it; only while somebody waits.</summary>
    public WaitingLane AsWaiting { get; private set; } = new(new(key.Sequence, key.Kind), weight, default);

    /// <summary>The longest waiting; there must be one.</summary>
    public WaitingRun First { get; private set; } = null!;

    /// <summary>All who are known to wait, the longest first.</summary>
    public IEnumerable<WaitingRun> Runs => _waiting;

    public void Add(WaitingRun run)
    {
        _waiting.Add(run);
        FindFirst();
    }

    public void Remove(WaitingRun run)
    {
        _waiting.Remove(run);
        FindFirst();
    }

    private void FindFirst()
    {
        First = _waiting.Min!;
        if (_waiting.Count > 0)
            AsWaiting = AsWaiting with { Since = First.Due };
    }
}
