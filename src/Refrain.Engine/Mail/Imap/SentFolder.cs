using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using Refrain.Engine.Mail.Compose;

namespace Refrain.Engine.Mail.Imap;

/// <summary>The folder of sent mail: the one that the server marks (RFC 6154), else one with a usual name.</summary>
internal static class SentFolder
{
    /// <summary>Message-IDs in one SEARCH; its command line stays below the 8,000 octets that servers take (RFC 7162 section 4).</summary>
    private const int Batch = 40;

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Sent", "Sent Items", "Sent Messages", "Sent Mail", "Sent-Mail", "Outbox Sent",
        "Gesendet", "Gesendete Elemente", "Gesendete Objekte", "Gesendete Nachrichten", "Envoyés", "Éléments envoyés", "Messages envoyés",
        "Enviados", "Elementos enviados", "Mensajes enviados", "Itens enviados", "Inviati", "Posta inviata", "Elementi inviati",
        "Verzonden", "Verzonden items", "Skickat", "Sendt", "Sendte elementer", "Lähetetyt", "Wysłane", "Odeslané", "Gönderilmiş Öğeler", "Отправленные", "送信済み", "已发送", "보낸 편지함",
    };

    /// <summary>Those of the Message-IDs that lie there. None when there is no such folder.</summary>
    public static async Task<IReadOnlySet<string>> FindAsync(ImapClient client, IReadOnlyCollection<string> messageIds, CancellationToken cancel)
    {
        var found = new HashSet<string>();
        if (await LocateAsync(client, cancel) is not { } sent)
            return found;
        await sent.OpenAsync(FolderAccess.ReadOnly, cancel);
        foreach (var batch in messageIds.Chunk(Batch))
        {
            var uids = await sent.SearchAsync(batch.Select(id => (SearchQuery)SearchQuery.HeaderContains("Message-ID", id)).Aggregate((one, other) => one.Or(other)), cancel);
            if (uids.Count == 0)
                continue;
            // SEARCH finds substrings, and some servers find more than that.
            var summaries = await sent.FetchAsync(uids, MessageSummaryItems.Envelope, cancel);
            found.UnionWith(summaries.Select(summary => summary.Envelope?.MessageId ?? "").Intersect(batch));
        }
        return found;
    }

    /// <summary>Makes the folder where there is none.</summary>
    public static async Task<UniqueId?> SaveAsync(ImapClient client, OutgoingEmail email, CancellationToken cancel)
    {
        var sent = await LocateAsync(client, cancel) ?? await CreateAsync(client, cancel);
        using var message = MimeComposer.Compose(email);
        // UTF-8 headers would need UTF8=ACCEPT, which has to be enabled before a folder is opened (RFC 6855).
        var format = MimeComposer.Format(email);
        format.International = false;
        return await sent.AppendAsync(format, new AppendRequest(message, MessageFlags.Seen, email.Date.ToDateTimeOffset()), cancel);
    }

    private static async Task<IMailFolder?> LocateAsync(ImapClient client, CancellationToken cancel)
    {
        var marked = client.Capabilities.HasFlag(ImapCapabilities.SpecialUse) || client.Capabilities.HasFlag(ImapCapabilities.XList);
        if (marked && client.GetFolder(SpecialFolder.Sent) is { } sent)
            return sent;
        var folders = await client.GetFoldersAsync(client.PersonalNamespaces[0], cancellationToken: cancel);
        return folders.FirstOrDefault(folder => Names.Contains(folder.Name) && !folder.Attributes.HasFlag(FolderAttributes.NoSelect));
    }

    private static async Task<IMailFolder> CreateAsync(ImapClient client, CancellationToken cancel)
    {
        var root = client.GetFolder(client.PersonalNamespaces[0]);
        var sent = await root.CreateAsync("Sent", isMessageFolder: true, cancel) ?? throw new FolderNotFoundException("Sent");
        await sent.SubscribeAsync(cancel);
        return sent;
    }
}
