using System.Globalization;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Contacts;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Mailboxes;

/// <summary>Writes mailboxes: a new one, or one with new settings, is to be checked before it is trusted.</summary>
public sealed class MailboxRegister
{
    private readonly Database database;
    private readonly MailboxSecrets secrets;
    private readonly Wakeups wakeups;
    private readonly TimeProvider time;

    internal MailboxRegister(Database database, MailboxSecrets secrets, Wakeups wakeups, TimeProvider time) =>
        (this.database, this.secrets, this.wakeups, this.time) = (database, secrets, wakeups, time);

    private const string InsertSql =
        """
        insert into mailbox (bucket, id, workspace_id, member_id, name, address,
            smtp_host, smtp_port, smtp_security, smtp_user, smtp_secret, smtp_sign_in, imap_host, imap_port, imap_security, imap_user, imap_secret, imap_sign_in,
            allow_invalid_certificate, save_to_sent, daily_cap, hourly_cap, minimum_gap_seconds,
            gap_jitter_seconds, domain_daily_cap, ramp_starts_on, ramp_first, ramp_per_day, ramp_time_zone, health_since, created_at)
        select member.bucket, @Id, member.workspace_id, member.id, @Name, @Address,
            @SmtpHost, @SmtpPort, @SmtpSecurity, @SmtpUser, @SmtpSecret, @SmtpSignIn, @ImapHost, @ImapPort, @ImapSecurity, @ImapUser, @ImapSecret, @ImapSignIn,
            @AllowInvalidCertificate, @SaveToSent, @DailyCap, @HourlyCap, @MinimumGapSeconds,
            @GapJitterSeconds, @DomainDailyCap, @RampStartsOn, @RampFirst, @RampPerDay, @RampTimeZone, @Now, @Now
        from member where member.workspace_id = @Workspace and member.id = @Owner
        on conflict do nothing
        """;

    private const string UpdateSql =
        """
        update mailbox set name = @Name, address = @Address,
            smtp_host = @SmtpHost, smtp_port = @SmtpPort, smtp_security = @SmtpSecurity, smtp_user = @SmtpUser, smtp_secret = coalesce(@SmtpSecret, smtp_secret), smtp_sign_in = @SmtpSignIn,
            imap_host = @ImapHost, imap_port = @ImapPort, imap_security = @ImapSecurity, imap_user = @ImapUser, imap_secret = coalesce(@ImapSecret, imap_secret), imap_sign_in = @ImapSignIn,
            allow_invalid_certificate = @AllowInvalidCertificate, save_to_sent = @SaveToSent, daily_cap = @DailyCap, hourly_cap = @HourlyCap,
            minimum_gap_seconds = @MinimumGapSeconds, gap_jitter_seconds = @GapJitterSeconds, domain_daily_cap = @DomainDailyCap,
            ramp_starts_on = @RampStartsOn, ramp_first = @RampFirst, ramp_per_day = @RampPerDay, ramp_time_zone = @RampTimeZone,
            uid_validity = case when @moves then null else uid_validity end, last_uid = case when @moves then null else last_uid end,
            slots_next_at = case when slots_next_at is null then null else @Now end, health = 'checking', health_reason = null, health_since = @Now, revision = revision + 1
        where workspace_id = @Workspace and bucket in (select number from bucket) and id = @Id and deleted_at is null
        """;

    private const string OneSql =
        $"""
        select {MailboxRow.Columns} from mailbox where workspace_id = @workspace and bucket in (select number from bucket) and id = @id and deleted_at is null
        """;

    // The numbers of the old account are no numbers of the new one, even under the same UIDVALIDITY: they move to a range that no server uses.
    private const string OldNumbersSql =
        """
        update inbound_message set uid_validity = uid_validity - @range
        where bucket = @Bucket and mailbox_id = @Id and uid_validity >= 0
        """;

    private const string LowestNumbersSql = "select min(uid_validity) from inbound_message where bucket = @Bucket and mailbox_id = @Id";

    private const string ByAddressSql =
        $"""
        select {MailboxRow.Columns} from mailbox where workspace_id = @workspace and address = @address and deleted_at is null
        """;

    private const string UserSql = "select count(*) from member where workspace_id = @workspace and id = @owner";

    private const string OpenRunsSql =
        """
        select count(*) from enrollment where bucket = @bucket and mailbox_id = @id and state in ('active', 'pending', 'paused', 'paused_o3', 'failed')
        """;

    private const string DeleteSql =
        """
        update mailbox set deleted_at = @now, smtp_secret = '', imap_secret = '', revision = revision + 1
        where bucket = @bucket and id = @id and deleted_at is null
        """;

    public async Task<Answer<MailboxState>> AddAsync(WorkspaceId workspace, UserId caller, MailboxSettings mailbox, CancellationToken cancel)
    {
        var findings = MailboxProblems.Find(mailbox, isNew: true, out var address);
        var owner = caller;
        if (mailbox.UserId is not null && !UserId.TryParse(mailbox.UserId, out owner)) findings.Add("userId", "not_found", $"There is no user \"{mailbox.UserId}\".");
        if (findings.Any) return new Answer<MailboxState>.Wrong(findings.All);
        var id = MailboxId.New();
        var written = Written(workspace, id, owner, mailbox, address);
        var answer = await database.WriteAsync(session => AddAsync(session, workspace, owner, id, address, written, cancel), cancel);
        wakeups.Wake(Wakeup.Mailboxes);
        return answer;
    }

    public async Task<Answer<Mailbox>> ChangeAsync(WorkspaceId workspace, MailboxId id, MailboxSettings mailbox, CancellationToken cancel)
    {
        var findings = MailboxProblems.Find(mailbox, isNew: false, out var address);
        if (findings.Any) return new Answer<Mailbox>.Wrong(findings.All);
        var answer = await database.WriteAsync(session => ChangeAsync(session, workspace, id, mailbox, address, cancel), cancel);
        wakeups.Wake(Wakeup.Mailboxes);
        return answer;
    }

    /// <summary>Refused while runs send from it: they would never go on.</summary>
    public async Task<Answer<Mailbox>> DeleteAsync(WorkspaceId workspace, MailboxId id, CancellationToken cancel)
    {
        var answer = await database.WriteAsync(session => DeleteAsync(session, workspace, id, cancel), cancel);
        wakeups.Wake(Wakeup.Mailboxes);
        return answer;
    }

    private async Task<Answer<Mailbox>> DeleteAsync(Session session, WorkspaceId workspace, MailboxId id, CancellationToken cancel)
    {
        if (await session.FirstAsync<MailboxRow>(OneSql, new { workspace, id }, cancel) is not { } there) return new Answer<Mailbox>.Missing();
        var open = await session.FirstAsync<long>(OpenRunsSql, new { bucket = there.Bucket, id }, cancel);
        if (open > 0) return new Answer<Mailbox>.Conflict("mailbox_in_use", $"{open} open enrollments send from {there.Address}: let them finish, or take them out first.");
        await session.ExecuteAsync(DeleteSql, new { bucket = there.Bucket, id, now = time.Now() }, cancel);
        return there.ToMailbox();
    }

    private static async Task<Answer<MailboxState>> AddAsync(
        Session session, WorkspaceId workspace, UserId owner, MailboxId id, EmailAddress address, object written, CancellationToken cancel)
    {
        if (await session.FirstAsync<long>(UserSql, new { workspace, owner }, cancel) == 0)
            return new Answer<MailboxState>.Wrong([new("userId", "not_found", $"There is no user {owner}.")]);
        if (await session.ExecuteAsync(InsertSql, written, cancel) == 0)
            return new Answer<MailboxState>.Conflict("mailbox_exists", $"There is a mailbox {address} already.", await IdOfAsync(session, workspace, address, cancel));
        return new MailboxState(id.ToString(), MailboxHealth.Checking, null);
    }

    private async Task<Answer<Mailbox>> ChangeAsync(
        Session session, WorkspaceId workspace, MailboxId id, MailboxSettings mailbox, EmailAddress address, CancellationToken cancel)
    {
        if (await session.FirstAsync<MailboxRow>($"{OneSql} {session.Dialect.ForUpdate}", new { workspace, id }, cancel) is not { } before) return new Answer<Mailbox>.Missing();
        if (mailbox.UserId is not null && mailbox.UserId != before.Member.ToString())
            return new Answer<Mailbox>.Wrong([new("userId", "cannot_change", $"The mailbox belongs to {before.Member}, and stays with that user.")]);
        if (await IdOfAsync(session, workspace, address, cancel) is { } other && other != id.ToString())
            return new Answer<Mailbox>.Conflict("mailbox_exists", $"There is a mailbox {address} already.", other);
        var moves = IsAnotherAccount(before, mailbox.Imap);
        if (moves) await SetOldNumbersAsideAsync(session, before, cancel);
        await session.ExecuteAsync(UpdateSql, Written(workspace, id, before.Member, mailbox, address, moves), cancel);
        return (await session.FirstAsync<MailboxRow>(OneSql, new { workspace, id }, cancel))!.ToMailbox();
    }

    private static bool IsAnotherAccount(MailboxRow before, MailServerSettings imap) =>
        !string.Equals(before.ImapHost, imap.Host, StringComparison.OrdinalIgnoreCase) || before.ImapPort != imap.Port || before.ImapUser != imap.User;

    private static async Task SetOldNumbersAsideAsync(Session session, MailboxRow mailbox, CancellationToken cancel)
    {
        const long Numbers = 1L << 32;
        var lowest = await session.FirstAsync<long?>(LowestNumbersSql, new { mailbox.Bucket, mailbox.Id }, cancel) ?? 0;
        var earlier = lowest < 0 ? -lowest / Numbers + 1 : 0;
        await session.ExecuteAsync(OldNumbersSql, new { range = (earlier + 1) * Numbers, mailbox.Bucket, mailbox.Id }, cancel);
    }

    private static async Task<string?> IdOfAsync(Session session, WorkspaceId workspace, EmailAddress address, CancellationToken cancel) =>
        (await session.FirstAsync<MailboxRow>(ByAddressSql, new { workspace, address = address.Value }, cancel))?.Id.ToString();

    private object Written(WorkspaceId workspace, MailboxId id, UserId owner, MailboxSettings mailbox, EmailAddress address, bool moves = false) => new
    {
        Workspace = workspace, Id = id, Owner = owner, Name = mailbox.Name.Trim(), Address = address.Value,
        SmtpHost = mailbox.Smtp.Host, SmtpPort = mailbox.Smtp.Port, SmtpSecurity = WireName.Of(mailbox.Smtp.Security), SmtpUser = mailbox.Smtp.User,
        SmtpSecret = Hidden(mailbox.Smtp), SmtpSignIn = WireName.Of(mailbox.Smtp.SignIn),
        ImapHost = mailbox.Imap.Host, ImapPort = mailbox.Imap.Port, ImapSecurity = WireName.Of(mailbox.Imap.Security), ImapUser = mailbox.Imap.User,
        ImapSecret = Hidden(mailbox.Imap), ImapSignIn = WireName.Of(mailbox.Imap.SignIn),
        mailbox.AllowInvalidCertificate, SaveToSent = WireName.Of(mailbox.SaveToSent), mailbox.DailyCap, mailbox.HourlyCap, mailbox.MinimumGapSeconds,
        mailbox.GapJitterSeconds, mailbox.DomainDailyCap, RampStartsOn = mailbox.RampUp?.StartsOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        RampFirst = mailbox.RampUp?.First, RampPerDay = mailbox.RampUp?.PerDay, RampTimeZone = mailbox.RampUp?.TimeZone, Now = time.Now(), moves,
    };

    private string? Hidden(MailServerSettings server) => server.Password is null ? null : secrets.Protect(server.Password);
}
