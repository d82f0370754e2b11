using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Engine.Contacts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Jobs;

/// <summary>Enrolls a batch of a job's rows, through the same guards as a request that is answered at once.</summary>
internal sealed class EnrollBatch(Enrolling enrolling, ContactBook contacts)
{
    public async Task<IReadOnlyList<StoredJobRow>> DoAsync(Session session, StoredJob job, IReadOnlyList<StoredJobRow> rows, CancellationToken cancel)
    {
        var known = await WithContactsAsync(session, job.Workspace, rows, cancel);
        var there = await ContactBook.ExistingAsync(session, job.Workspace, [.. known.Select(row => row.Contact!.Value)], cancel);
        var able = known.Where(row => there.Contains(row.Contact!.Value)).ToList();
        var gone = known.Where(row => !there.Contains(row.Contact!.Value)).Select(row => row.Refuse("not_found", $"There is no contact {row.Contact}.")).ToList();
        if (able.Count == 0) return gone;
        var request = new EnrollRequest(
            job.Workspace, job.By, job.Member, job.Sequence, [.. able.Select(row => row.Contact!.Value)], job.Mailbox, job.StartAtStep!.Value, DryRun: false);
        var answer = await enrolling.EnrollAsync(session, request, cancel);
        // What the request was checked for can have changed since: the mailbox is gone, or a new version has fewer steps.
        return answer.Problems is [var problem, ..]
            ? [.. gone, .. able.Select(row => row.Refuse(problem.Code, problem.Message))]
            : [.. gone, .. able.Zip(answer.Rows, (row, enrolled) => row.Done(enrolled.Id!.Value, enrolled.State))];
    }

    private async Task<IReadOnlyList<StoredJobRow>> WithContactsAsync(Session session, WorkspaceId workspace, IReadOnlyList<StoredJobRow> rows, CancellationToken cancel)
    {
        var named = rows.Where(row => row.Contact is null).ToList();
        var made = await contacts.EnsureAsync(session, workspace, [.. named.Select(row => AddressOf(row.Email))], cancel);
        return [.. rows.Where(row => row.Contact is not null), .. named.Zip(made, (row, contact) => row with { Contact = contact })];
    }

    private static EmailAddress AddressOf(string? stored) =>
        EmailAddress.TryParse(stored, out var address) ? address : throw new FormatException($"A job was accepted with \"{stored}\", which is no address.");
}
