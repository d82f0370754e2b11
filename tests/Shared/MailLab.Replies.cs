using MailKit;
using MimeKit;
using MimeKit.Text;

namespace Refrain.Testing;

/// <summary>People who answer.</summary>
public sealed partial class MailLab
{
    /// <summary>
    /// Answers the newest mail in the user's inbox as a person does: marks it read and answered, quotes it, threads the answer.
    /// Waits for a mail if there is none yet. <paramref name="from"/>: an alias or a colleague, who writes from another address.
    /// </summary>
    public async Task<MimeMessage> ReplyAsAsync(string user, string text, string? from = null, CancellationToken cancel = default)
    {
        await WaitForMailAsync(user, cancel: cancel);
        var reply = AnswerTo(await TakeNewestAsync(user, cancel), from ?? user, text);
        await SendAsync(reply, user, cancel);
        return reply;
    }

    /// <summary>The answer that a mail program would write, not sent yet.</summary>
    public static MimeMessage AnswerTo(MimeMessage original, string from, string text)
    {
        var quoted = original.TextBody ?? original.HtmlBody ?? "";
        var quote = string.Join("\r\n", quoted.Split('\n').Select(line => $"> {line.TrimEnd()}"));
        var reply = new MimeMessage
        {
            Subject = original.Subject?.StartsWith("Re: ", StringComparison.Ordinal) is true ? original.Subject : $"Re: {original.Subject}",
            InReplyTo = original.MessageId,
            Body = new TextPart(TextFormat.Plain) { Text = $"{text}\r\n\r\nOn {original.Date:ddd, MMM d, yyyy} {original.From} wrote:\r\n{quote}\r\n" },
        };
        reply.From.Add(MailboxAddress.Parse(from));
        reply.To.AddRange(original.ReplyTo.Count > 0 ? original.ReplyTo : original.From);
        foreach (var reference in original.References) reply.References.Add(reference);
        if (original.MessageId is { } id) reply.References.Add(id);
        return reply;
    }

    private async Task<MimeMessage> TakeNewestAsync(string user, CancellationToken cancel)
    {
        using var client = await OpenAsync(user, cancel);
        await client.Inbox!.OpenAsync(FolderAccess.ReadWrite, cancel);
        var newest = client.Inbox.Count - 1;
        var message = await client.Inbox.GetMessageAsync(newest, cancel);
        await client.Inbox.AddFlagsAsync(newest, MessageFlags.Seen | MessageFlags.Answered, silent: true, cancel);
        await client.DisconnectAsync(quit: true, cancel);
        return message;
    }
}
