using Refrain.Contracts;

namespace Refrain.EndToEnd.Tests.Running;

/// <summary>What the stories ask for again and again.</summary>
public sealed partial class RefrainClient
{
    /// <summary>Connects a mailbox and has it checked.</summary>
    public async Task<Mailbox> ConnectAsync(MailboxSettings settings)
    {
        var made = await PostAsync<MailboxState>("mailboxes", settings);
        await PostAsync<MailboxState>($"mailboxes/{made.Id}/check");
        return await GetAsync<Mailbox>($"mailboxes/{made.Id}");
    }

    /// <summary>Writes and publishes a sequence; gives its id.</summary>
    public async Task<string> PublishAsync(SequenceText text)
    {
        var saved = await PostAsync<SequenceSaved>("sequences", text);
        (await PostAsync<Published>($"sequences/{saved.Id}/publish", new Publish())).Version.ShouldBe(1);
        return saved.Id;
    }

    public Task<Enrolled> EnrollAsync(string sequence, Mailbox mailbox, params IReadOnlyList<string> addresses) =>
        PostAsync<Enrolled>($"sequences/{sequence}/enrollments", new Enroll(Emails: addresses, MailboxId: mailbox.Id));

    /// <summary>Enrolls one; gives the id.</summary>
    public async Task<string> EnrollOneAsync(string sequence, Mailbox mailbox, string address) => (await EnrollAsync(sequence, mailbox, address)).EnrollmentIds.ShouldHaveSingleItem();

    public Task<Enrollment> EnrollmentAsync(string id) => GetAsync<Enrollment>($"enrollments/{id}");

    public async Task<IReadOnlyList<EnrollmentEvent>> EventsAsync(string id) => (await GetAsync<Page<EnrollmentEvent>>($"enrollments/{id}/events")).Items;

    /// <summary>The open task of an enrollment; waits until there is one.</summary>
    public async Task<TaskLine> TaskOfAsync(string enrollment) => (await Eventually.SeeAsync(
        async () => (await AllAsync<TaskLine>("tasks")).FirstOrDefault(task => task.EnrollmentId == enrollment), task => task is not null))!;

    public async Task<Suppression?> SuppressionOfAsync(string address) => (await AllAsync<Suppression>("suppressions")).FirstOrDefault(entry => entry.Value == address);

    public Task<IReadOnlyList<Enrollment>> EnrollmentsOfAsync(string sequence) => AllAsync<Enrollment>($"enrollments?sequenceId={sequence}");

    /// <summary>A list, over all its pages.</summary>
    public async Task<IReadOnlyList<T>> AllAsync<T>(string path)
    {
        var all = new List<T>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await GetAsync<Page<T>>(cursor.Length == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={cursor}");
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        return all;
    }

    /// <summary>Waits for a state; the error tells the timeline.</summary>
    public Task<Enrollment> WaitForAsync(string id, string state, TimeSpan? patience = null) => WaitForAsync(id, run => run.State == state, state, patience);

    public Task<Enrollment> WaitForAsync(string id, Func<Enrollment, bool> wanted, string what, TimeSpan? patience = null) =>
        Eventually.SeeAsync(() => EnrollmentAsync(id), wanted, async run => $"wanted {what}, but it is {run}\n{await TimelineAsync(id)}", patience);

    private async Task<string> TimelineAsync(string id)
    {
        var lines = (await EventsAsync(id)).Select(line => $"  {line.At:HH:mm:ss.fff} {line.Signal}: {line.From} -> {line.To}: {line.Why}");
        var why = await GetAsync<EnrollmentWhy>($"enrollments/{id}/why");
        return $"{string.Join('\n', lines)}\n  now: {why.Sentence} {string.Join(", ", why.Gates.Where(gate => gate.Verdict != GateVerdict.Pass))}";
    }
}
