using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Engine.Access;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>Whom to enroll in what. <paramref name="Mailbox"/> null: the user's first healthy one, else his first.</summary>
public sealed record EnrollRequest(
    WorkspaceId Workspace, Actor By, UserId User, SequenceId Sequence, IReadOnlyList<ContactId> Contacts, MailboxId? Mailbox, int StartAtStep, bool DryRun);

/// <summary>What became of one contact. <paramref name="Id"/> is null in a dry run.</summary>
public sealed record EnrolledRow(ContactId Contact, EnrollmentId? Id, EnrollmentState State, Why Why);

/// <summary>Rows in the order of the contacts; or problems, and then nothing was written.</summary>
public sealed record EnrollAnswer(IReadOnlyList<EnrolledRow> Rows, IReadOnlyList<Problem> Problems);

/// <summary>Enrolls contacts: guards, rows, timelines and counters in one transaction that holds the contacts' rows locked.</summary>
public sealed class Enrolling
{
    private readonly Database database;
    private readonly SequenceCatalog sequences;
    private readonly GuardFactsReader guards;
    private readonly TimeProvider time;
    private readonly Wakeups wakeups;

    private const string VersionSql = "select version from sequence where id = @Sequence and workspace_id = @Workspace";

    private const string BucketSql = "select bucket from member where id = @User";

    internal Enrolling(Database database, SequenceCatalog sequences, GuardFactsReader guards, TimeProvider time, Wakeups wakeups) =>
        (this.database, this.sequences, this.guards, this.time, this.wakeups) = (database, sequences, guards, time, wakeups);

    /// <summary>Each contact becomes a row, a rejected one too. Unknown ids refuse the whole call. A dry run writes nothing.</summary>
    public async Task<EnrollAnswer> EnrollAsync(EnrollRequest request, CancellationToken cancel)
    {
        var answer = await database.WriteAsync(session => EnrollAsync(session, request, cancel), cancel);
        if (!request.DryRun) wakeups.WakeAll();
        return answer;
    }

    /// <summary>The same in a transaction that runs already; its owner wakes the loops.</summary>
    internal async Task<EnrollAnswer> EnrollAsync(Session session, EnrollRequest request, CancellationToken cancel)
    {
        var (sequence, sender, problem) = await PrepareAsync(session, request, cancel);
        if (problem is not null) return new([], [problem]);
        var (known, problems) = await guards.LoadAsync(session, request.Workspace, request.Contacts, sequence, time.Now(), cancel);
        if (problems.Count > 0) return new([], problems);
        var hours = sequence.Settings.OwnerHours ? await OwnerHours.LoadAsync(session, [sender.User], cancel) : null;
        var admitted = Admit(request, sequence, sender, known, hours?.GetValueOrDefault(sender.User));
        if (!request.DryRun) await WriteAsync(session, request, sequence, admitted, cancel);
        return new([.. admitted.Select(one => new EnrolledRow(
            one.Enrollment.Contact, request.DryRun ? null : one.Enrollment.Id, one.Enrollment.State, one.Enrollment.Why))], []);
    }

    /// <summary>What is wrong with a request beside its contacts; else the mailbox that will send.</summary>
    internal async Task<(MailboxId? Mailbox, Problem? Problem)> CheckAsync(Session session, EnrollRequest request, CancellationToken cancel)
    {
        var (_, sender, problem) = await PrepareAsync(session, request, cancel);
        return (sender?.Mailbox, problem);
    }

    // Nobody publishes while the version is being entered: whoever moves open runs to a new one finds all of them.
    private async Task<(Sequence Sequence, Sender Sender, Problem? Problem)> PrepareAsync(Session session, EnrollRequest request, CancellationToken cancel)
    {
        var version = await session.FirstAsync<int?>($"{VersionSql} {session.Dialect.ForShare}", new { request.Sequence, request.Workspace }, cancel);
        if (Unfit(request, version) is { } unfit) return (null!, null!, unfit);
        var sequence = await sequences.GetAsync(session, request.Sequence, version!.Value, cancel);
        if (request.StartAtStep < 1 || request.StartAtStep > sequence.Steps.Count)
            return (null!, null!, new("startAtStep", "out_of_range", $"Step {request.StartAtStep} does not exist; the sequence has steps 1 to {sequence.Steps.Count}."));
        var (sender, problem) = await SenderAsync(session, request, sequence, cancel);
        return (sequence, sender, problem);
    }

    private static Problem? Unfit(EnrollRequest request, int? version) => version switch
    {
        null => new("sequenceId", "not_found", $"There is no sequence {request.Sequence}."),
        0 => new("sequenceId", "not_published", "The sequence is a draft: publish it first."),
        _ => null,
    };

    private List<Admission> Admit(EnrollRequest request, Sequence sequence, Sender sender, Dictionary<ContactId, KnownContact> known, Schedule? ownerHours)
    {
        var now = time.Now();
        var admitted = new List<Admission>(request.Contacts.Count);
        foreach (var contact in request.Contacts)
        {
            var run = new NewRun(EnrollmentId.New(), request.Workspace, sender.Bucket, sender.User, contact, sender.Mailbox, request.StartAtStep, now, request.By);
            var admission = EnrollmentGuards.Admit(run, sequence, known[contact].Facts(sequence, ownerHours));
            if (!admission.Enrollment.Rejected) known[contact].Count(admission.Enrollment, sequence);
            admitted.Add(admission);
        }
        return admitted;
    }

    private static async Task WriteAsync(Session session, EnrollRequest request, Sequence sequence, List<Admission> admitted, CancellationToken cancel)
    {
        await session.InsertAsync(EnrollmentTable.Insert, [.. admitted.Select(one => StoredEnrollment.Of(one.Enrollment, sequence))], cancel);
        await EnrollmentHistory.WriteAsync(session, [.. admitted.Select(one => one.Enrollment).Select(run => new EnrollmentEvent(
            run.Bucket, run.Id, run.Revision, run.EnrolledAt, "enrolled", null, run.State, run.Why, request.By, null))], cancel);
        await EnrollmentHistory.CountAsync(session,
            admitted.Select(one => (one.Enrollment.Bucket, one.Enrollment.Sequence, (EnrollmentState?)null, one.Enrollment.State)), cancel);
        await GuardHits.WriteAsync(session, admitted, cancel);
        await SequencePauses.FreezeNewAsync(session, request.Sequence, cancel);
    }

    private static async Task<(Sender Sender, Problem? Problem)> SenderAsync(Session session, EnrollRequest request, Sequence sequence, CancellationToken cancel)
    {
        const string NamedSql = """
            select bucket as Bucket, id as Mailbox, member_id as Member from mailbox where workspace_id = @Workspace and deleted_at is null and id = @Mailbox
            """;
        const string FirstSql = """
            select bucket as Bucket, id as Mailbox, member_id as Member from mailbox where workspace_id = @Workspace and deleted_at is null and member_id = @User
            order by case health when 'healthy' then 0 when 'checking' then 1 else 2 end, created_at, id limit 1
            """;
        var found = await session.FirstAsync<SenderRow>(request.Mailbox is null ? FirstSql : NamedSql,
            new { request.Workspace, Mailbox = request.Mailbox ?? default, request.User }, cancel);
        if (found is not null) return (new(found.Bucket, found.Member, found.Mailbox), null);
        if (request.Mailbox is { } asked) return (default!, new("mailboxId", "not_found", $"There is no mailbox {asked}."));
        if (sequence.HasEmailStep) return (default!, new("mailboxId", "no_mailbox", "The sequence sends email, and you have no mailbox: connect one, or name one here."));
        var bucket = await session.FirstAsync<int>(BucketSql, new { request.User }, cancel);
        return (new(bucket, request.User, null), null);
    }

    private sealed record Sender(int Bucket, UserId User, MailboxId? Mailbox);

    private sealed class SenderRow
    {
        public int Bucket { get; init; }
        public MailboxId Mailbox { get; init; }
        public UserId Member { get; init; }
    }
}
