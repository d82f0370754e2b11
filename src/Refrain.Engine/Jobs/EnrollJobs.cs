using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Engine.Access;
using Refrain.Engine.Contacts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Jobs;

/// <summary>Accepts an enrollment that is too large to be done while its caller waits: checked as a whole now, enrolled row by row later.</summary>
public sealed class EnrollJobs
{
    private const int Chunk = 5000;
    private readonly Enrolling enrolling;
    private readonly TimeProvider time;

    internal EnrollJobs(Enrolling enrolling, TimeProvider time) => (this.enrolling, this.time) = (enrolling, time);

    internal async Task<Answer<Job>> AcceptAsync(Session session, Caller caller, EnrollRequest request, IReadOnlyList<EmailAddress>? emails, CancellationToken cancel)
    {
        var (mailbox, problem) = await enrolling.CheckAsync(session, request, cancel);
        if (problem is { Field: "sequenceId", Code: "not_found" }) return new Answer<Job>.Missing();
        if (problem is not null) return new Answer<Job>.Wrong([problem]);
        if (await UnknownAsync(session, request, cancel) is { Count: > 0 } unknown) return new Answer<Job>.Wrong(unknown);
        var job = new StoredJob
        {
            Id = JobId.New(), Workspace = caller.Workspace, Member = caller.User, Kind = StoredName.Of(JobKind.Enroll), Sequence = request.Sequence, Mailbox = mailbox,
            StartAtStep = request.StartAtStep, CreatedAt = time.Now(),
        };
        IReadOnlyList<StoredJobRow> rows = emails is null
            ? [.. request.Contacts.Select((contact, index) => new StoredJobRow { Ordinal = index + 1, Contact = contact })]
            : [.. emails.Select((email, index) => new StoredJobRow { Ordinal = index + 1, Email = email.Value })];
        await JobBook.OpenAsync(session, job, rows, cancel);
        return (await JobQueries.FindAsync(session, job.Workspace, job.Id, cancel))!;
    }

    private static async Task<IReadOnlyList<Problem>> UnknownAsync(Session session, EnrollRequest request, CancellationToken cancel)
    {
        var known = new HashSet<ContactId>();
        foreach (var chunk in request.Contacts.Distinct().Chunk(Chunk)) known.UnionWith(await ContactBook.ExistingAsync(session, request.Workspace, chunk, cancel));
        return [.. request.Contacts.Select((id, index) => (id, index)).Where(one => !known.Contains(one.id))
            .Select(one => new Problem($"contactIds[{one.index}]", "not_found", $"There is no contact {one.id}."))];
    }
}
