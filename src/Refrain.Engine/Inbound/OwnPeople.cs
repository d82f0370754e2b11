using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Core.Inbound;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Inbound;

/// <summary>
/// Mail of one's own side. A colleague who has no mailbox here may get a message of ours forwarded and answer in its thread; that is no answer of the contact. Whoever
/// could be the contact or a colleague of his counts as such.
/// </summary>
internal static class OwnPeople
{
    private const string OwnMailboxSql = "select count(*) from mailbox where workspace_id = @Workspace and address = @From and deleted_at is null";

    private const string OwnAddressesSql = "select address from mailbox where workspace_id = @Workspace and deleted_at is null";

    /// <summary>It was sent by a mailbox of this workspace: by the salesperson himself, or by the engine.</summary>
    public static async Task<bool> SentAsync(Session session, WorkspaceId workspace, ReceivedMail mail, CancellationToken cancel) =>
        mail.From is not null && await session.FirstAsync<int>(OwnMailboxSql, new { Workspace = workspace, mail.From }, cancel) > 0;

    /// <summary>A colleague wrote it in the thread of this message. What a person has said of the message himself stands.</summary>
    public static async Task<bool> WroteAsync(Session session, WorkspaceId workspace, ReceivedMail mail, MatchedMessage matched, CancellationToken cancel)
    {
        if (mail.Verdict.Class is not (InboundClass.Reply or InboundClass.OutOfOffice or InboundClass.AutoReply) || mail.Verdict.Rule == "corrected") return false;
        if (!EmailAddress.TryParse(mail.From, out var from) || PublicMailProviders.Include(from.Domain)) return false;
        if (IsAt(matched.ToAddress, from.Domain) || IsAt(matched.ContactEmail, from.Domain)) return false;
        var own = await session.QueryAsync<string>(OwnAddressesSql, new { Workspace = workspace }, cancel);
        return own.Any(address => IsAt(address, from.Domain));
    }

    private static bool IsAt(string address, string domain) => EmailAddress.TryParse(address, out var parsed) && parsed.Domain == domain;
}
