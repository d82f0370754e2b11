using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Races;

public sealed class TwoServersTests
{
    private const int Senders = 5;
    private const int EachSends = 200;
    private static readonly MailLab Lab = MailLab.Current;

    [Fact]
    public async Task two_servers_on_one_database_send_a_thousand_emails_once_each()
    {
        await using var first = await Stage.OpenAsync(DatabaseKind.Postgres);
        await using var second = await RefrainProcess.StartAsync(first.Database);
        using var other = Installations.ClientOf(second, DatabaseKind.Postgres);
        var sequence = await first.Client.PublishAsync(Settings.Sequence(Settings.Email("Race")));
        await first.Client.PutAsync<object>($"sequences/{sequence}/pause");
        var leads = await EnrollAsync([first.Client, other], sequence);

        await other.DeleteAsync($"sequences/{sequence}/pause");

        await Eventually.SeeAsync(
            async () => (await first.Client.GetAsync<SequenceStats>($"sequences/{sequence}/stats")).ByState,
            states => states["finished_no_reply"] == leads.Count,
            states => Task.FromResult($"{string.Join(", ", states.Where(state => state.Value > 0))}\n{first.Server.Output}\n{second.Output}"), TimeSpan.FromSeconds(150));
        var arrived = await CountAsync(leads);
        arrived.Where(inbox => inbox.Value != 1).ShouldBeEmpty();
        first.Server.IsRunning.ShouldBeTrue();
        second.IsRunning.ShouldBeTrue();
    }

    /// <summary>Several people of the team, each with a mailbox: their work lies in different buckets.</summary>
    private static async Task<IReadOnlyList<string>> EnrollAsync(IReadOnlyList<RefrainClient> clients, string sequence)
    {
        var leads = new List<string>();
        for (var sender = 0; sender < Senders; sender++)
        {
            var client = clients[sender % clients.Count];
            var user = await client.PostAsync<User>("users", new NewUser($"u{sender}@ours.test", $"User {sender}"));
            var mailbox = await client.ConnectAsync(Settings.Mailbox() with { UserId = user.Id, SaveToSent = SaveToSent.Never });
            var own = Enumerable.Range(0, EachSends).Select(_ => MailLab.Fresh("lead")).ToList();
            (await client.EnrollAsync(sequence, mailbox, own)).ByState.ShouldBe(new Dictionary<string, int> { ["active"] = EachSends });
            leads.AddRange(own);
        }
        return leads;
    }

    /// <summary>Waits until each has something, and only then counts what each has.</summary>
    private static async Task<IReadOnlyDictionary<string, int>> CountAsync(IReadOnlyList<string> leads)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = 8 };
        await Parallel.ForEachAsync(leads, options, async (lead, cancel) => await Lab.WaitForMailAsync(lead, cancel: cancel));
        var counts = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(leads, options, async (lead, cancel) => counts[lead] = (await Lab.InboxOfAsync(lead, cancel)).Count);
        return counts;
    }
}
