using MimeKit;
using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Deaths;

/// <summary>A server that dies at a named point while it sends the first of two emails to twenty-five people, and the server after it.</summary>
internal sealed class DeathScene(DatabaseKind kind, string point, int pass) : IAsyncDisposable
{
    public const int People = 25;
    private static readonly MailLab Lab = MailLab.Current;
    private readonly List<IAsyncDisposable> opened = [];
    private FreshDatabase database = null!;
    private Uri url = null!;
    private Mailbox mailbox = null!;

    public IReadOnlyList<string> Leads { get; } = [.. Enumerable.Range(0, People).Select(_ => MailLab.Fresh("lead"))];

    public RefrainClient Client { get; private set; } = null!;

    public string Sequence { get; private set; } = "";

    /// <summary>What the dead process left in the database, by address.</summary>
    public IReadOnlyDictionary<string, Mark> Left { get; private set; } = new Dictionary<string, Mark>();

    /// <summary>To whom a message was handed over that has no outcome.</summary>
    public IReadOnlyList<string> InDoubt => [.. Leads.Where(lead => Left.GetValueOrDefault(lead)?.Status == "handed")];

    /// <summary>Enrolls, and waits until the process is dead; asserts that it died where it was to.</summary>
    public async Task DieAsync()
    {
        database = Open(await Installations.NewAsync(kind));
        var note = Path.Combine(database.Folder, "died-at");
        var server = Open(await RefrainProcess.StartAsync(database, null, ("REFRAIN_DIE_AT", $"{point}:{pass}"), ("REFRAIN_DIED_AT_FILE", note)));
        url = server.Url;
        using (Client = Installations.ClientOf(server, kind))
        {
            mailbox = await Client.ConnectAsync(Settings.Mailbox() with { SaveToSent = SaveToSent.Never });
            Sequence = await Client.PublishAsync(Settings.Sequence(Settings.Email("Intro"), Settings.Email("More", after: Settings.Tomorrow)));
            await EnrollAsync();
        }
        await server.ExitedAsync(TimeSpan.FromSeconds(60));
        File.Exists(note).ShouldBeTrue($"it did not die at {point}:\n{server.Output}");
        (await File.ReadAllTextAsync(note)).Trim().ShouldBe(point);
        Left = (await Marks.ReadAsync(database)).ToDictionary(mark => mark.ToAddress);
    }

    /// <summary>Starts the server again, without the wish to die.</summary>
    public async Task LiveOnAsync()
    {
        var server = Open(await RefrainProcess.StartAsync(database, url));
        Client = Installations.ClientOf(server, kind);
    }

    /// <summary>A copy in the Sent folder, as a provider keeps one.</summary>
    public Task ProveAsync(string lead)
    {
        var copy = new MimeMessage { Subject = "Intro", MessageId = Left[lead].Header, Body = new TextPart("plain") { Text = "Hello" } };
        copy.From.Add(MailboxAddress.Parse(mailbox.Address));
        copy.To.Add(MailboxAddress.Parse(lead));
        return Lab.PutIntoSentAsync(mailbox.Address, copy);
    }

    /// <summary>The runs by address, when each of them has come to what is wanted of it.</summary>
    public async Task<IReadOnlyDictionary<string, Enrollment>> SettledAsync(Func<string, Enrollment, bool> wanted)
    {
        var addresses = (await Client.AllAsync<Contact>("contacts")).ToDictionary(contact => contact.Id, contact => contact.Email);
        return await Eventually.SeeAsync(
            async () => (IReadOnlyDictionary<string, Enrollment>)(await Client.EnrollmentsOfAsync(Sequence)).ToDictionary(run => addresses[run.ContactId]),
            runs => runs.Count == People && runs.All(run => wanted(run.Key, run.Value)),
            runs => Task.FromResult($"of {runs.Count} runs these are not settled: {string.Join('\n', runs.Where(run => !wanted(run.Key, run.Value)).Select(run =>
                $"{Left.GetValueOrDefault(run.Key)?.Status ?? "no mark"}: {run.Value}"))}"),
            TimeSpan.FromSeconds(130));
    }

    /// <summary>The Message-IDs that each of them got, in the order of <see cref="Leads"/>.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> InboxesAsync() =>
        await Task.WhenAll(Leads.Select(async lead => (IReadOnlyList<string>)[.. (await Lab.InboxOfAsync(lead)).Select(mail => mail.MessageId!)]));

    /// <summary>The same, once everybody who must have a message has one: between the server's yes and the mailbox lies a queue.</summary>
    public Task<IReadOnlyList<IReadOnlyList<string>>> ArrivedAsync(Func<string, bool> must) => Eventually.SeeAsync(
        InboxesAsync,
        inboxes => Leads.Zip(inboxes).All(one => !must(one.First) || one.Second.Count > 0),
        inboxes => Task.FromResult($"nothing came to {string.Join(", ", Leads.Zip(inboxes).Where(one => must(one.First) && one.Second.Count == 0).Select(one => one.First))}"));

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var one in Enumerable.Reverse(opened)) await one.DisposeAsync();
    }

    /// <summary>The process may be gone before it has answered; what it had committed is found again.</summary>
    private async Task EnrollAsync()
    {
        try
        {
            await Client.EnrollAsync(Sequence, mailbox, Leads);
        }
        catch (HttpRequestException cut) when (cut.StatusCode is null)
        {
            // It died while it answered.
        }
    }

    private T Open<T>(T one) where T : IAsyncDisposable
    {
        opened.Add(one);
        return one;
    }
}
