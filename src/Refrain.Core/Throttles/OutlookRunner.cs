using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;

namespace Refrain.Core.Throttles;

/// <summary>A run as it moves.</summary>
internal sealed class OutlookRunner(OutlookRun told, OpeningTimes hours, DeskWatch? watch)
{
    public OutlookRun Told => told;
    public OpeningTimes Hours => hours;

    /// <summary>Null where there is no mailbox to send from.</summary>
    public DeskWatch? Watch => watch;

    /// <summary>Null when all steps are done.</summary>
    public Step? Step { get; set; } = told.Through ? null : told.Sequence.Find(told.Step)!;
    public Instant At { get; set; } = told.At;
    public Instant? Promise { get; set; } = told.Promise;
    public Instant? Due { get; set; } = told.Due;
    public bool HasSent { get; set; } = told.HasSent;
    public bool Approved { get; set; } = told.Approved;
    public bool IsRetry { get; set; } = told.IsRetry;
    public bool UnderWay { get; set; } = told.UnderWay;
    public bool IsWaiting { get; set; } = told.IsWaiting;

    public SlotRequest Request => new(
        told.Id, told.Mailbox, told.Sequence, HasSent ? SlotKind.FollowUp : SlotKind.FirstStep, told.Domain, hours, Promise == At ? Promise : null, IsRetry);
}
