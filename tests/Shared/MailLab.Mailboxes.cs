using System.Diagnostics;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using MimeKit;

namespace Refrain.Testing;

/// <summary>What lies in the mailboxes, read over IMAP and marked by nobody but a person who answers.</summary>
public sealed partial class MailLab
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public Task<IReadOnlyList<MimeMessage>> InboxOfAsync(string user, CancellationToken cancel = default) => FolderOfAsync(user, "INBOX", cancel);

    /// <summary>The messages of a folder, in the order in which they came.</summary>
    public async Task<IReadOnlyList<MimeMessage>> FolderOfAsync(string user, string folder, CancellationToken cancel = default)
    {
        using var client = await OpenAsync(user, cancel);
        var opened = await client.GetFolderAsync(folder, cancel);
        await opened.OpenAsync(FolderAccess.ReadOnly, cancel);
        var messages = new List<MimeMessage>();
        for (var index = 0; index < opened.Count; index++) messages.Add(await opened.GetMessageAsync(index, cancel));
        await client.DisconnectAsync(quit: true, cancel);
        return messages;
    }

    /// <summary>The flags in a user's inbox, in order; <c>Recent</c>, which the server keeps for itself, is left out.</summary>
    public async Task<IReadOnlyList<MessageFlags>> FlagsOfInboxAsync(string user, CancellationToken cancel = default)
    {
        using var client = await OpenAsync(user, cancel);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, cancel);
        var summaries = await client.Inbox.FetchAsync(0, -1, MessageSummaryItems.Flags, cancel);
        await client.DisconnectAsync(quit: true, cancel);
        return [.. summaries.Select(summary => summary.Flags.GetValueOrDefault() & ~MessageFlags.Recent)];
    }

    /// <summary>The first message in the inbox that is wanted; throws when it has not come in time (30 seconds).</summary>
    public async Task<MimeMessage> WaitForMailAsync(string user, Func<MimeMessage, bool>? wanted = null, TimeSpan? patience = null, CancellationToken cancel = default)
    {
        var waited = Stopwatch.StartNew();
        var seen = new List<MimeMessage>();
        using var client = await OpenAsync(user, cancel);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, cancel);
        while (waited.Elapsed < (patience ?? Patience))
        {
            for (; seen.Count < client.Inbox.Count;)
            {
                seen.Add(await client.Inbox.GetMessageAsync(seen.Count, cancel));
                if (wanted?.Invoke(seen[^1]) ?? true) return seen[^1];
            }

            await Task.Delay(Pause, TimeProvider.System, cancel);
            await client.NoOpAsync(cancel);
        }

        var there = string.Join("; ", seen.Select(message => $"{message.Subject} from {message.From}"));
        throw new TimeoutException($"the mail that {user} was to get did not come in {waited.Elapsed.TotalSeconds:0} s; in the inbox: [{there}]");
    }

    /// <summary>Puts a copy into the Sent folder, as a mail program or a provider does.</summary>
    public async Task PutIntoSentAsync(string user, MimeMessage message, CancellationToken cancel = default)
    {
        using var client = await OpenAsync(user, cancel);
        await client.GetFolder(SpecialFolder.Sent)!.AppendAsync(message, MessageFlags.Seen, cancel);
        await client.DisconnectAsync(quit: true, cancel);
    }

    private async Task<ImapClient> OpenAsync(string user, CancellationToken cancel)
    {
        var client = new ImapClient();
        await client.ConnectAsync(Host, Imap, SecureSocketOptions.None, cancel);
        await client.AuthenticateAsync(user, Password, cancel);
        return client;
    }
}
