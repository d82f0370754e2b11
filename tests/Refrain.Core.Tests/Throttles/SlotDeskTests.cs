using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Throttles;

namespace Refrain.Core.Tests.Throttles;

public sealed class SlotDeskTests
{
    private static readonly Instant Now = Instant.FromUtc(2027, 1, 4, 9, 0);
    private static readonly Duration Day = Duration.FromHours(24);
    private static readonly MailboxId Ann = new(new Guid(1, 0, 0, new byte[8]));
    private static readonly MailboxId Bob = new(new Guid(2, 0, 0, new byte[8]));
    private static readonly Schedule Always = new(DateTimeZone.Utc, [], false, [], null, DateTimeZone.Utc);

    [Fact]
    public void free_slots_are_spoken_for_by_those_who_wait()
    {
        var mailbox = Mailbox(Ann, cap: 3);
        var desk = new SlotDesk(null, [mailbox], new Dictionary<SequenceId, IReadOnlyList<SendLimit>>(), FairQueue.Empty);
        mailbox.Waiting = 2;
        desk.Ask(Request(1), Now).ShouldBeOfType<SlotAnswer.Go>();
        desk.Take(Request(1), Now);
        var wait = desk.Ask(Request(2), Now).ShouldBeOfType<SlotAnswer.Wait>();
        wait.Longest.Used.ShouldBe(3);
        desk.Ask(Request(2) with { Promise = Now }, Now).ShouldBeOfType<SlotAnswer.Go>();
    }

    [Fact]
    public void who_waits_for_one_mailbox_does_not_speak_for_the_users_slots_that_he_cannot_use()
    {
        var (full, free) = (Mailbox(Ann, cap: 1, used: 1), Mailbox(Bob, cap: 10));
        var desk = new SlotDesk(new(LimitNames.UserDaily, 5, Day, [new(Now, 1)]), [full, free], new Dictionary<SequenceId, IReadOnlyList<SendLimit>>(), FairQueue.Empty);
        full.Waiting = 100;
        desk.Ask(Request(1) with { Mailbox = Bob }, Now).ShouldBeOfType<SlotAnswer.Go>();
    }

    [Fact]
    public void what_is_released_spreads_over_the_open_hours()
    {
        var mailbox = Mailbox(Ann, cap: 8);
        var desk = new SlotDesk(null, [mailbox], new Dictionary<SequenceId, IReadOnlyList<SendLimit>>(), FairQueue.Empty);
        var office = Always with { Windows = [new(new HashSet<IsoDayOfWeek> { IsoDayOfWeek.Monday }, new(9, 0), new(17, 0))] };
        for (var run = 1; run <= 8; run++) desk.Enqueue(Request(run) with { Hours = new(office) }, Full(), Now);
        var times = new List<Instant>();
        for (var at = Now; desk.NextLook(Ann, at) is { } next && times.Count < 8; at = next)
        {
            if (desk.Release(next) is not null) times.Add(next);
        }
        times.Select(at => at - Now).ShouldBe(Enumerable.Range(0, 8).Select(hour => Duration.FromHours(hour)));
    }

    [Fact]
    public void a_lane_whose_hours_are_shut_holds_up_no_other()
    {
        var desk = new SlotDesk(null, [Mailbox(Ann, cap: 1)], new Dictionary<SequenceId, IReadOnlyList<SendLimit>>(), FairQueue.Empty);
        var tuesday = Always with { Windows = [new(new HashSet<IsoDayOfWeek> { IsoDayOfWeek.Tuesday }, new(9, 0), new(17, 0))], Zone = DateTimeZoneProviders.Tzdb["Europe/Berlin"] };
        desk.Enqueue(Request(1) with { Hours = new(tuesday) }, Full(), Now - Day);
        desk.Enqueue(Request(2), Full(), Now);
        desk.Release(Now)!.Run.Run.ShouldBe(Request(2).Run);
        desk.Release(Now).ShouldBeNull();
    }

    [Fact]
    public void who_can_never_go_again_is_let_through_to_learn_it()
    {
        var desk = new SlotDesk(null, [Mailbox(Ann, cap: 1, used: 1)], new Dictionary<SequenceId, IReadOnlyList<SendLimit>>(), FairQueue.Empty);
        desk.Enqueue(Request(1) with { Hours = new(Always with { EndsOn = new(2027, 1, 3) }) }, Full(), Now);
        desk.Release(Now)!.Promise.ShouldBeNull();
    }

    [Fact]
    public void a_place_behind_the_gap_is_kept_though_its_turn_comes_a_moment_late()
    {
        var mailbox = Mailbox(Ann, cap: 100, gap: new(Duration.FromMinutes(10), Duration.Zero));
        var desk = new SlotDesk(null, [mailbox], new Dictionary<SequenceId, IReadOnlyList<SendLimit>>(), FairQueue.Empty);
        desk.Take(Request(1), Now);
        var second = desk.Ask(Request(2), Now).ShouldBeOfType<SlotAnswer.Plan>();
        second.At.ShouldBe(Now + Duration.FromMinutes(10));
        desk.Promise(Request(2), second);
        var third = desk.Ask(Request(3), Now).ShouldBeOfType<SlotAnswer.Plan>();
        third.At.ShouldBe(Now + Duration.FromMinutes(20));
        desk.Promise(Request(3), third);
        var late = second.At + Duration.FromSeconds(3);
        var itsTurn = Request(2) with { Promise = second.At };
        desk.Ask(itsTurn, late).ShouldBeOfType<SlotAnswer.Go>();
        desk.Take(itsTurn, late);
        desk.Ask(Request(3) with { Promise = third.At }, third.At).ShouldBeOfType<SlotAnswer.Plan>().At.ShouldBe(third.At + Duration.FromSeconds(3));
    }

    [Fact]
    public void a_provider_is_slowed_more_with_every_refusal_and_forgiven_with_every_acceptance()
    {
        var once = ProviderPace.Refused(null, "acme.test", "421 4.7.0 slow down", Now);
        var twice = ProviderPace.Refused(once, "acme.test", "421 4.7.0 slow down", Now);
        (once.Until - Now, twice.Until - Now).ShouldBe((Duration.FromMinutes(5), Duration.FromMinutes(10)));
        twice.Accepted()!.Strikes.ShouldBe(1);
        twice.Accepted()!.Accepted().ShouldBeNull();
    }

    [Theory]
    [InlineData("421 Service not available", true)]
    [InlineData("451 4.7.1 Greylisted, try again later", false)]
    [InlineData("451 4.7.1 Too many connections from you", true)]
    [InlineData("450-4.7.28 rate limited", true)]
    [InlineData("450 4.2.2 Mailbox full", false)]
    [InlineData("550 5.7.1 Blocked", false)]
    [InlineData("The connection was closed.", false)]
    public void a_request_for_less_is_known_by_its_code(string answer, bool asked) => ProviderPace.IsAsked(answer).ShouldBe(asked);

    [Theory]
    [InlineData("4.7.28", "smtp; 421-4.7.28 Our system has detected an unusual rate", true)]
    [InlineData("4.7.0", null, true)]
    [InlineData("4.0.0", "smtp; 421 Too many messages, slow down", true)]
    [InlineData("4.3.0", "smtp; host mx.acme.test[192.0.2.1] said: 451 4.7.650 deferred due to reputation", true)]
    [InlineData("4.7.1", "smtp; 451 4.7.1 Greylisted, try again later", false)]
    [InlineData("4.7.1", "smtp; 450 graylisting in action", false)]
    [InlineData("4.4.1", "smtp; connect to mx.acme.test[10.4.21.1]:25: timed out after 14.7.2 seconds", false)]
    [InlineData("4.2.2", "smtp; 452 4.2.2 mailbox full; quota 4210 MB", false)]
    [InlineData(null, null, false)]
    public void a_report_of_a_delay_may_be_such_a_request_too(string? status, string? diagnostic, bool asked) =>
        ProviderPace.IsAsked(status, diagnostic).ShouldBe(asked);

    [Fact]
    public void a_queue_is_the_same_from_its_text()
    {
        var lanes = new WaitingLane[] { new(new(new(new Guid(7, 0, 0, new byte[8])), SlotKind.FollowUp), 3, Now), new(new(new(new Guid(8, 0, 0, new byte[8])), SlotKind.FirstStep), 1, Now) };
        var queue = FairQueue.Empty;
        for (var turn = 0; turn < 20; turn++) queue = queue.Next(lanes, 100)!.Queue;
        FairQueue.Parse(queue.ToString()).ToString().ShouldBe(queue.ToString());
        FairQueue.Parse(queue.ToString()).Next(lanes, 100)!.Lane.ShouldBe(queue.Next(lanes, 100)!.Lane);
        FairQueue.Parse("nonsense").ShouldBe(FairQueue.Empty);
    }

    private static SlotAnswer.Wait Full() => new([new(LimitNames.MailboxDaily, 1, 1, null)]);

    private static MailboxDesk Mailbox(MailboxId id, int cap, int used = 0, SendGap? gap = null)
    {
        var day = new SendLimit(LimitNames.MailboxDaily, cap, Day, used > 0 ? [new(Now, used)] : []);
        return new(id, day, [day], new(gap ?? new(Duration.Zero, Duration.Zero), null), null);
    }

    private static SlotRequest Request(int run) => new(
        new(new Guid(run, 0, 0, new byte[8])), Ann, new(new(new Guid(9, 0, 0, new byte[8])), 1, "Intro", new(), []), SlotKind.FirstStep, "acme.test", new(Always));
}
