using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Core.Enrollments;
using Refrain.Engine.Access;
using Refrain.Engine.Contacts;
using Refrain.Engine.Jobs;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Enrollments;

/// <summary>What a request to enroll is answered with: what was done, or the job that does it.</summary>
public sealed record EnrollReply(Enrolled? Enrolled, Job? Job);

/// <summary>
/// Enrolls as a program asks for it: contacts by id or address, and once for each key however often it asks. The key, new contacts and the rows, or the job, are one
/// transaction, so a crash between them cannot enroll twice.
/// </summary>
public sealed class EnrollRequests(Database database, Enrolling enrolling, EnrollJobs jobs, ContactBook contacts, Wakeups wakeups, TimeProvider time)
{
    public const int MostContacts = 100_000;

    /// <summary>More than these are a job.</summary>
    public const int MostAtOnce = 1000;

    private const string ClaimSql =
        """
        insert into idempotency (workspace_id, key, request_hash, response, created_at) values (@workspace, @key, @hash, '', @now)
        on conflict (workspace_id, key) do nothing
        """;

    private const string KnownSql = "select request_hash as Hash, response as Response from idempotency where workspace_id = @workspace and key = @key";
    private const string AnswerSql = "update idempotency set response = @response where workspace_id = @workspace and key = @key";

    /// <summary>A key that was used for another request is a conflict.</summary>
    public async Task<Answer<EnrollReply>> EnrollAsync(Caller caller, SequenceId sequence, Enroll enroll, string? key, bool dryRun, CancellationToken cancel)
    {
        var (call, findings) = Read(caller, sequence, enroll, dryRun);
        if (findings.Any) return new Answer<EnrollReply>.Wrong(findings.All);
        if (dryRun) return await database.RehearseAsync(session => EnrollAsync(session, call, cancel), cancel);
        var answer = await database.WriteAsync(
            session => key is null ? DoAsync(session, call, cancel) : OnceAsync(session, call, key, Hash(sequence, enroll), cancel), cancel);
        wakeups.WakeAll();
        return answer;
    }

    // A second request with the same key waits here for the first to commit. What is refused is rolled back, and the key with it.
    private async Task<Answer<EnrollReply>> OnceAsync(Session session, Call call, string key, string hash, CancellationToken cancel)
    {
        var workspace = call.Caller.Workspace;
        if (await session.ExecuteAsync(ClaimSql, new { workspace, key, hash, now = time.Now() }, cancel) == 0)
        {
            var known = (await session.FirstAsync<Known>(KnownSql, new { workspace, key }, cancel))!;
            return known.Hash == hash
                ? await AgainAsync(session, workspace, JsonSerializer.Deserialize<EnrollReply>(known.Response, WireJson.Tolerant)!, cancel)
                : new Answer<EnrollReply>.Conflict("idempotency_key_reused", $"The Idempotency-Key \"{key}\" was used for another request.");
        }
        var answer = await DoAsync(session, call, cancel);
        if (answer is Answer<EnrollReply>.Done done)
            await session.ExecuteAsync(AnswerSql, new { workspace, key, response = JsonSerializer.Serialize(done.Value, WireJson.Options) }, cancel);
        return answer;
    }

    // A job is told as it stands by now.
    private static async Task<EnrollReply> AgainAsync(Session session, WorkspaceId workspace, EnrollReply reply, CancellationToken cancel) =>
        JobId.TryParse(reply.Job?.Id, out var job) ? new(null, await JobQueries.FindAsync(session, workspace, job, cancel) ?? reply.Job) : reply;

    private async Task<Answer<EnrollReply>> DoAsync(Session session, Call call, CancellationToken cancel)
    {
        if ((call.Contacts?.Count ?? call.Emails!.Count) <= MostAtOnce) return await EnrollAsync(session, call, cancel);
        return await jobs.AcceptAsync(session, call.Caller, RequestFor(call, call.Contacts ?? []), call.Emails, cancel) switch
        {
            Answer<Job>.Done done => new EnrollReply(null, done.Value),
            Answer<Job>.Wrong wrong => new Answer<EnrollReply>.Wrong(wrong.Problems),
            _ => new Answer<EnrollReply>.Missing(),
        };
    }

    private async Task<Answer<EnrollReply>> EnrollAsync(Session session, Call call, CancellationToken cancel)
    {
        var ids = call.Contacts ?? await contacts.EnsureAsync(session, call.Caller.Workspace, call.Emails!, cancel);
        var answer = await enrolling.EnrollAsync(session, RequestFor(call, ids), cancel);
        if (answer.Problems.Any(problem => problem is { Field: "sequenceId", Code: "not_found" })) return new Answer<EnrollReply>.Missing();
        if (answer.Problems.Count > 0) return new Answer<EnrollReply>.Wrong(answer.Problems);
        return new EnrollReply(
            new(answer.Rows.GroupBy(row => row.State).OrderBy(group => group.Key).ToDictionary(group => group.Key.WireName(), group => group.Count(), StringComparer.Ordinal),
                [.. answer.Rows.Select(row => row.Id).OfType<EnrollmentId>().Select(id => id.ToString())]),
            null);
    }

    private static EnrollRequest RequestFor(Call call, IReadOnlyList<ContactId> ids) =>
        new(call.Caller.Workspace, call.Caller.Actor, call.Caller.User, call.Sequence, ids, call.Mailbox, call.StartAtStep, call.DryRun);

    private static (Call Call, Findings Findings) Read(Caller caller, SequenceId sequence, Enroll enroll, bool dryRun)
    {
        var findings = new Findings();
        var (field, count) = enroll.Emails is null ? ("contactIds", enroll.ContactIds?.Count ?? 0) : ("emails", enroll.Emails.Count);
        if ((enroll.ContactIds is null) == (enroll.Emails is null)) findings.Add("contactIds", "one_of", "Give either contactIds or emails.");
        else if (count is 0 or > MostContacts) findings.Add(field, "out_of_range", $"{field} has {count} entries; allowed are 1 to {MostContacts}.");
        var ids = enroll.ContactIds?.Select((text, index) => ContactOf(text, index, findings)).ToList();
        var emails = enroll.Emails?.Select((text, index) => findings.Address($"emails[{index}]", text)).ToList();
        MailboxId? mailbox = null;
        if (MailboxId.TryParse(enroll.MailboxId, out var named)) mailbox = named;
        else if (enroll.MailboxId is not null) findings.Add("mailboxId", "not_found", $"There is no mailbox \"{enroll.MailboxId}\".");
        return (new(caller, sequence, ids, emails, mailbox, enroll.StartAtStep, dryRun), findings);
    }

    private static ContactId ContactOf(string text, int index, Findings findings)
    {
        if (!ContactId.TryParse(text, out var id)) findings.Add($"contactIds[{index}]", "not_found", $"There is no contact \"{text}\".");
        return id;
    }

    private static string Hash(SequenceId sequence, Enroll enroll) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{sequence}{JsonSerializer.Serialize(enroll, WireJson.Options)}")));

    private sealed record Call(
        Caller Caller, SequenceId Sequence, IReadOnlyList<ContactId>? Contacts, IReadOnlyList<EmailAddress>? Emails, MailboxId? Mailbox, int StartAtStep, bool DryRun);

    private sealed record Known
    {
        public string Hash { get; init; } = "";
        public string Response { get; init; } = "";
    }
}
