using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Refrain.Core;
using Refrain.Core.Mailboxes;
using Refrain.Engine.Mail;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Mailboxes;

/// <summary>Encrypts the secrets of mailboxes for the database.</summary>
internal sealed class MailboxSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Refrain.MailboxSecrets");

    public string Protect(string secret) => protector.Protect(secret);

    public string Unprotect(string stored) => protector.Unprotect(stored);
}

/// <summary>A mailbox as the loops need it: its account, its owner, and how it fares.</summary>
internal sealed record MailboxInUse(
    int Bucket, WorkspaceId Workspace, UserId Owner, MailboxAccount Account, MailboxHealth Health, Instant? UnreadSince, InboxCursor? Cursor)
{
    public MailboxId Id => Account.Id;
}

/// <summary>A mailbox whose secrets were encrypted with a key that is not in the key ring.</summary>
internal sealed record SealedMailbox(int Bucket, MailboxId Id, MailboxHealth Health);

/// <summary>Reads mailboxes with their secrets in the clear.</summary>
internal sealed partial class MailboxAccounts(Database database, MailboxSecrets secrets, ILogger<MailboxAccounts> logger)
{
    private const string SelectSql = """
        select bucket as Bucket, id as Id, workspace_id as Workspace, member_id as Owner, name as Name, address as Address,
            smtp_host as SmtpHost, smtp_port as SmtpPort, smtp_security as SmtpSecurity, smtp_user as SmtpUser, smtp_secret as SmtpSecret, smtp_sign_in as SmtpSignIn,
            imap_host as ImapHost, imap_port as ImapPort, imap_security as ImapSecurity, imap_user as ImapUser, imap_secret as ImapSecret, imap_sign_in as ImapSignIn,
            allow_invalid_certificate as AllowInvalidCertificate, save_to_sent as SaveToSent, health as Health, unread_since as UnreadSince,
            uid_validity as UidValidity, last_uid as LastUid, read_at as ReadAt, revision as Revision
        from mailbox where deleted_at is null
        """;

    /// <summary>Each by itself: one that cannot be opened stands apart.</summary>
    public async Task<(IReadOnlyList<MailboxInUse> Open, IReadOnlyList<SealedMailbox> Sealed)> AllAsync(CancellationToken cancel)
    {
        var (open, closed) = (new List<MailboxInUse>(), new List<SealedMailbox>());
        foreach (var row in await database.ReadAsync(session => session.QueryAsync<Row>(SelectSql, null, cancel), cancel))
            if (TryOpen(row) is { } mailbox) open.Add(mailbox);
            else closed.Add(new(row.Bucket, row.Id, StoredName.Parse<MailboxHealth>(row.Health)));
        return (open, closed);
    }

    /// <summary>Null when it was deleted, or its secrets cannot be decrypted.</summary>
    public async Task<MailboxInUse?> FindAsync(int bucket, MailboxId id, CancellationToken cancel)
    {
        var row = await database.ReadAsync(session => session.FirstAsync<Row>($"{SelectSql} and bucket = @bucket and id = @id", new { bucket, id }, cancel), cancel);
        return row is null ? null : TryOpen(row);
    }

    // The key ring is in the database: while that is away, no secret is to blame.
    private MailboxInUse? TryOpen(Row row)
    {
        try
        {
            return Open(row);
        }
        catch (CryptographicException failure) when (!DatabaseFaults.AreBehind(failure))
        {
            LogSealed(logger, row.Id, failure);
            return null;
        }
    }

    private MailboxInUse Open(Row row) => new(
        row.Bucket, row.Workspace, row.Owner,
        new(row.Id, row.Name, row.Address,
            new(row.SmtpHost, row.SmtpPort, Security(row.SmtpSecurity), row.SmtpUser, secrets.Unprotect(row.SmtpSecret), SignIn(row.SmtpSignIn)),
            new(row.ImapHost, row.ImapPort, Security(row.ImapSecurity), row.ImapUser, secrets.Unprotect(row.ImapSecret), SignIn(row.ImapSignIn)),
            row.AllowInvalidCertificate, StoredName.Parse<SaveToSent>(row.SaveToSent), row.Revision),
        StoredName.Parse<MailboxHealth>(row.Health), row.UnreadSince,
        CursorOf(row));

    /// <summary>Null: it was never read. Without numbers it was read as another account, and what came since then is new.</summary>
    private static InboxCursor? CursorOf(Row row) =>
        row.UidValidity is { } validity ? new((uint)validity, (uint)row.LastUid!.Value) : row.ReadAt is { } readAt ? InboxCursor.From(readAt) : null;

    private static ConnectionSecurity Security(string name) => name switch
    {
        "starttls" => ConnectionSecurity.StartTls,
        "tls" => ConnectionSecurity.Tls,
        "none" => ConnectionSecurity.None,
        _ => throw new InvalidOperationException($"A mailbox is stored with the security {name}."),
    };

    private static SignInMethod SignIn(string name) => name switch
    {
        "password" => SignInMethod.Password,
        "oauth2" => SignInMethod.OAuth2,
        _ => throw new InvalidOperationException($"A mailbox is stored with the sign-in {name}."),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The secrets of mailbox {Mailbox} cannot be decrypted.")]
    private static partial void LogSealed(ILogger logger, MailboxId mailbox, Exception failure);

    private sealed class Row
    {
        public int Bucket { get; init; }
        public MailboxId Id { get; init; }
        public WorkspaceId Workspace { get; init; }
        public UserId Owner { get; init; }
        public string Name { get; init; } = "";
        public string Address { get; init; } = "";
        public string SmtpHost { get; init; } = "";
        public int SmtpPort { get; init; }
        public string SmtpSecurity { get; init; } = "";
        public string SmtpUser { get; init; } = "";
        public string SmtpSecret { get; init; } = "";
        public string SmtpSignIn { get; init; } = "";
        public string ImapHost { get; init; } = "";
        public int ImapPort { get; init; }
        public string ImapSecurity { get; init; } = "";
        public string ImapUser { get; init; } = "";
        public string ImapSecret { get; init; } = "";
        public string ImapSignIn { get; init; } = "";
        public bool AllowInvalidCertificate { get; init; }
        public string SaveToSent { get; init; } = "";
        public string Health { get; init; } = "";
        public Instant? UnreadSince { get; init; }
        public long? UidValidity { get; init; }
        public long? LastUid { get; init; }
        public Instant? ReadAt { get; init; }
        public int Revision { get; init; }
    }
}
