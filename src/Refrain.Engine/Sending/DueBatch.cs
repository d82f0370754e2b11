using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Loops;
using Refrain.Engine.Mail.Templates;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>A batch of claimed enrollments of one bucket on its way through the gates and the door.</summary>
internal sealed class DueBatch(
    Database database, DoorFacts facts, DueSteps steps, EnrollmentStore door, MailboxReaders readers, SequenceCatalog sequences,
    TimeProvider time, Wakeups wakeups)
{
    private const int MostIntended = 1_000;
    private static readonly Duration LookAgain = Duration.FromSeconds(15);

    private const string IntendedSql = "select count(*) from (select 1 from outbound_message where bucket = @bucket and status = 'intended' limit @most) as few";

    private const string SendersSql = "select id as Id, name as Name, address as Address from mailbox where bucket = @bucket and";

    private const string SlotsSql = """
        update mailbox set slots_next_at = @at where bucket = @bucket and id = @mailbox and (slots_next_at is null or slots_next_at > @at)
        """;

    private static readonly Table<DueCase> Lanes = new("enrollment",
        new("bucket", ColumnType.Integer, row => row.Case.Enrollment.Bucket, IsKey: true),
        new("id", ColumnType.Uuid, row => row.Case.Enrollment.Id.Value, IsKey: true),
        new("lane", ColumnType.Text, row => LaneText.Of(row.Lane!)));

    private static readonly Table<DueCase> Slots = new("enrollment",
        new("bucket", ColumnType.Integer, row => row.Case.Enrollment.Bucket, IsKey: true),
        new("id", ColumnType.Uuid, row => row.Case.Enrollment.Id.Value, IsKey: true),
        new("slot_at", ColumnType.Instant, row => row.Slot));

    /// <summary>False while so much is intended that more would only grow old: what waits longer than a minute has to pass the gates again.</summary>
    public async Task<bool> HasRoomAsync(int bucket, CancellationToken cancel) =>
        await database.ReadAsync(session => session.FirstAsync<int>(IntendedSql, new { bucket, most = MostIntended }, cancel), cancel) < MostIntended;

    /// <summary>Advances all of them, or none where one of them breaks.</summary>
    public async Task AdvanceAsync(int bucket, IReadOnlyList<Enrollment> claimed, CancellationToken cancel)
    {
        await ReadInboxesAsync(claimed, cancel);
        InjectionPoints.Pass(InjectionPoints.BeforeIntent);
        await database.WriteAsync(session => AdvanceAsync(session, bucket, claimed, cancel), cancel);
        InjectionPoints.Pass(InjectionPoints.AfterIntent);
        wakeups.WakeAll();
    }

    private async Task ReadInboxesAsync(IReadOnlyList<Enrollment> claimed, CancellationToken cancel)
    {
        var wanted = new Dictionary<MailboxId, Instant>();
        foreach (var run in claimed)
            if (run is { Mailbox: { } mailbox, State: EnrollmentState.Active, Position: { Step: { } step, NextAt: { } due } } && await SendsAsync(run, step, cancel))
                wanted[mailbox] = Instant.Max(due, wanted.GetValueOrDefault(mailbox, due));
        await Task.WhenAll(wanted.Select(one => readers.ReadSinceAsync(claimed[0].Bucket, one.Key, one.Value, cancel)));
    }

    private async Task<bool> SendsAsync(Enrollment run, StepId step, CancellationToken cancel) =>
        (await sequences.GetAsync(run.Sequence, run.SequenceVersion, cancel)).Find(step) is { } found
        && (found.Kind == StepKind.Email || found.Kind == StepKind.ManualEmail && run.Position.Approved);

    private async Task AdvanceAsync(Session session, int bucket, IReadOnlyList<Enrollment> claimed, CancellationToken cancel)
    {
        var now = time.Now();
        var mailboxes = claimed.Select(run => run.Mailbox).OfType<MailboxId>().Distinct().ToList();
        var rows = await SlotDesks.LockAsync(session, bucket, mailboxes, cancel);
        var versions = await VersionsAsync(session, claimed, cancel);
        await SlotDesks.LockAsync(session, versions, cancel);
        var seldom = versions.Where(ContactRest.Concerns).Select(version => version.Id).ToHashSet();
        var resting = claimed.Where(run => seldom.Contains(run.Sequence)).Select(run => run.Contact).ToHashSet();
        await ContactRests.LockAsync(session, resting, cancel);
        var cases = await facts.LoadAsync(session, null, [.. claimed.Select(run => new Knock(bucket, run.Id, _ => null))], cancel);
        var domains = cases.Values.Select(one => LimitUse.DomainOf(one.Contact.Email)).ToHashSet(StringComparer.Ordinal);
        var book = await SlotDesks.LoadAsync(session, rows, new(versions, domains), now, cancel);
        var due = claimed.Where(run => cases.TryGetValue(run.Id, out var found) && found.Enrollment.Revision == run.Revision)
            .OrderBy(run => run.Position.NextAt).ThenBy(run => run.Id.Value).Select(run => new DueCase(cases[run.Id], now, book.PromiseTo(run.Id))).ToList();
        var rests = await ContactRests.LoadAsync(session, resting, now, cancel);
        await door.ApplyAsync(session, null, await KnocksAsync(session, bucket, due, book, rests, cancel), cancel);
        await StoreAsync(session, bucket, due, book, now, cancel);
    }

    private async Task<IReadOnlyList<Knock>> KnocksAsync(
        Session session, int bucket, IReadOnlyList<DueCase> due, DeskBook book, ContactRests rests, CancellationToken cancel)
    {
        var senders = await SendersAsync(session, bucket, [.. due.Select(one => one.Case.Enrollment.Mailbox).OfType<MailboxId>().Distinct()], cancel);
        var suppressions = await SuppressionsAsync(session, due.Select(one => one.Case), cancel);
        var deactivated = await DeactivatedUsers.AmongAsync(session, [.. due.Select(one => one.Case.Enrollment)], cancel);
        var knocks = new List<Knock>(due.Count);
        var postponed = new List<EnrollmentId>();
        foreach (var one in due)
        {
            var run = one.Case.Enrollment;
            var mailbox = run.Mailbox is { } id ? book.Mailboxes.GetValueOrDefault(id) : null;
            var lost = deactivated.Contains(run.User) ? DeactivatedUsers.LostOf(one) : null;
            var knock = lost ?? steps.SignalFor(one, mailbox, suppressions[run.Workspace], rests, run.Mailbox is { } own ? senders.GetValueOrDefault(own, Nobody) : Nobody);
            one.Postponed = knock is null;
            if (one.GaveUp && one.Lane is null) mailbox?.Desk.GiveUp(DueSteps.RequestOf(one.Case, one.Promise));
            if (knock is not null) knocks.Add(knock);
            else postponed.Add(run.Id);
        }
        await EnrollmentClaims.PostponeAsync(session, bucket, postponed, time.Now() + LookAgain, cancel);
        return knocks;
    }

    private static async Task StoreAsync(Session session, int bucket, IReadOnlyList<DueCase> due, DeskBook book, Instant now, CancellationToken cancel)
    {
        await session.UpdateAsync(Lanes, [.. due.Where(one => one.Lane is not null)], cancel);
        // A slot that was had or given up is nobody's any more, though the next step came due at the same instant.
        await session.UpdateAsync(Slots, [.. due.Where(one => one.Slot is not null || one.GaveUp || (one.Went && one.Promise is not null))], cancel);
        await book.SaveAsync(session, cancel);
        // Of those who may have what somebody gave up this batch knows nothing: they are looked for.
        foreach (var left in due.Where(one => one.Lane is not null || one.GaveUp).GroupBy(one => one.Case.Enrollment.Mailbox!.Value))
            if ((left.Any(one => one.GaveUp) ? now : book.Mailboxes[left.Key].Desk.NextLook(left.Key, now)) is { } at)
                await session.ExecuteAsync(SlotsSql, new { bucket, mailbox = left.Key, at }, cancel);
    }

    private async Task<IReadOnlyList<Sequence>> VersionsAsync(Session session, IReadOnlyList<Enrollment> claimed, CancellationToken cancel)
    {
        var versions = new List<Sequence>();
        foreach (var (id, version) in claimed.Select(run => (run.Sequence, run.SequenceVersion)).Distinct())
            versions.Add(await sequences.GetAsync(session, id, version, cancel));
        return versions;
    }

    private static readonly MergeSender Nobody = new("", "");

    private static async Task<Dictionary<MailboxId, MergeSender>> SendersAsync(Session session, int bucket, List<MailboxId> mailboxes, CancellationToken cancel)
    {
        var rows = await session.QueryAsync<SenderRow>($"{SendersSql} {session.Dialect.In("id", "@ids")}",
            new { bucket, ids = session.Dialect.List(mailboxes.Select(id => id.Value)) }, cancel);
        return rows.ToDictionary(row => row.Id, row => new MergeSender(row.Name, row.Address));
    }

    private static async Task<Dictionary<WorkspaceId, KnownSuppressions>> SuppressionsAsync(
        Session session, IEnumerable<DoorCase> cases, CancellationToken cancel)
    {
        var loaded = new Dictionary<WorkspaceId, KnownSuppressions>();
        foreach (var group in cases.GroupBy(one => one.Enrollment.Workspace))
            loaded[group.Key] = await KnownSuppressions.LoadAsync(session, group.Key, group.Select(one => one.Contact.Email), cancel);
        return loaded;
    }

    private sealed class SenderRow
    {
        public MailboxId Id { get; init; }
        public string Name { get; init; } = "";
        public string Address { get; init; } = "";
    }
}
