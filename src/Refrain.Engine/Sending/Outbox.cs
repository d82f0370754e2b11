using NodaTime;
using Refrain.Core;
using Refrain.Engine.Mail;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>A message that was handed to this process to be sent.</summary>
internal sealed class HandedMessage
{
    public const string Columns = """
        bucket as Bucket, enrollment_id as Enrollment, step_id as Step, incarnation as Incarnation, id as Id, mailbox_id as Mailbox, header as Header,
        references_headers as ReferencesHeaders, to_name as ToName, to_address as ToAddress, subject as Subject, body_text as Text, body_html as Html,
        unsubscribe_url as UnsubscribeUrl, unsubscribe_footer as UnsubscribeFooter, list_unsubscribe as ListUnsubscribe, intended_at as IntendedAt, status as Status
        """;

    public int Bucket { get; init; }
    public EnrollmentId Enrollment { get; init; }
    public StepId Step { get; init; }
    public int Incarnation { get; init; }
    public MessageId Id { get; init; }
    public MailboxId Mailbox { get; init; }
    public string Header { get; init; } = "";
    public string ReferencesHeaders { get; init; } = "";
    public string ToName { get; init; } = "";
    public string ToAddress { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Text { get; init; } = "";
    public string? Html { get; init; }
    public string? UnsubscribeUrl { get; init; }
    public bool UnsubscribeFooter { get; init; }
    public bool ListUnsubscribe { get; init; }
    public Instant IntendedAt { get; init; }
    public string Status { get; init; } = "";

    public OutgoingEmail From(MailboxInUse mailbox) => new(
        Header, IntendedAt, mailbox.Account.Name, mailbox.Account.Address, ToName, ToAddress, Subject, Text, Html,
        ReferencesHeaders.Split(' ', StringSplitOptions.RemoveEmptyEntries), UnsubscribeUrl, UnsubscribeFooter, ListUnsubscribe);
}

/// <summary>The outbox of this process, which sends only what it let through the gates itself: which mailboxes have something intended, the mark <i>handed</i>, and the last check before DATA.</summary>
internal sealed class Outbox(Database database, EngineSettings settings)
{
    /// <summary>An intent that is older passes the gates again: what they saw is no longer true.</summary>
    public static readonly Duration FreshFor = Duration.FromSeconds(60);

    /// <summary>What was handed over so long ago has no outcome to come: a server has ten minutes for its last answer (RFC 5321 section 4.5.3.2.6).</summary>
    public static readonly Duration LongestHanded = Duration.FromMinutes(15);

    private const string BusySql = """
        select distinct m.bucket as Bucket, m.mailbox_id as Id from bucket b join outbound_message m on m.bucket = b.number
        where m.status = 'intended' and m.intended_at > @oldest and m.node = @node
        """;

    // One statement takes a batch; PostgreSQL passes over rows that another process is taking.
    private const string PostgresHandSql = """
        with taken as (
            select enrollment_id, step_id, incarnation from outbound_message
            where bucket = @bucket and mailbox_id = @mailbox and status = 'intended' and intended_at > @oldest and node = @node
            order by intended_at limit @limit for update skip locked)
        update outbound_message set status = 'handed', handed_at = @now, epoch = (select epoch from bucket where number = @bucket)
        from taken
        where outbound_message.bucket = @bucket and outbound_message.enrollment_id = taken.enrollment_id
            and outbound_message.step_id = taken.step_id and outbound_message.incarnation = taken.incarnation
        returning
        """;

    private const string SqliteHandSql = """
        update outbound_message set status = 'handed', handed_at = @now, epoch = (select epoch from bucket where number = @bucket)
        where bucket = @bucket and rowid in (
            select rowid from outbound_message
            where bucket = @bucket and mailbox_id = @mailbox and status = 'intended' and intended_at > @oldest and node = @node
            order by intended_at limit @limit)
        returning
        """;

    private const string LastCheckSql = """
        select count(*) from outbound_message m
        join enrollment e on e.bucket = m.bucket and e.id = m.enrollment_id
        join contact c on c.id = e.contact_id
        join bucket b on b.number = m.bucket
        where m.bucket = @Bucket and m.enrollment_id = @Enrollment and m.step_id = @Step and m.incarnation = @Incarnation
            and m.status = 'handed' and m.node = @node and m.epoch = b.epoch
            and e.state = 'active' and e.phase = 'sending' and e.step_id = m.step_id and not e.frozen and c.deleted_at is null
            and not exists (select 1 from suppression s where s.workspace_id = m.workspace_id and s.value in (m.to_address, @domain))
        """;

    public Task<IReadOnlyList<MailboxKey>> BusyMailboxesAsync(Instant now, CancellationToken cancel) =>
        database.ReadAsync(session => session.QueryAsync<MailboxKey>(BusySql, new { oldest = now - FreshFor, node = settings.Node }, cancel), cancel);

    /// <summary>Commits the mark <i>handed</i> on a batch of this mailbox's intents and gives it to the caller alone.</summary>
    public Task<IReadOnlyList<HandedMessage>> HandAsync(MailboxKey mailbox, Instant now, int limit, CancellationToken cancel) =>
        database.WriteAsync(session => session.QueryAsync<HandedMessage>(
            session.Dialect.Kind == DatabaseKind.Postgres
                ? $"{PostgresHandSql} {HandedMessage.Columns.Replace("enrollment_id", "outbound_message.enrollment_id", StringComparison.Ordinal).Replace(" step_id", " outbound_message.step_id", StringComparison.Ordinal).Replace(" incarnation as", " outbound_message.incarnation as", StringComparison.Ordinal)}"
                : $"{SqliteHandSql} {HandedMessage.Columns}",
            new { bucket = mailbox.Bucket, mailbox = mailbox.Id, now, oldest = now - FreshFor, limit, node = settings.Node }, cancel), cancel);

    /// <summary>The last check: one read, immediately before DATA. Every stop committed before it wins.</summary>
    public bool MayStillGo(HandedMessage message)
    {
        var domain = message.ToAddress[(message.ToAddress.LastIndexOf('@') + 1)..];
        return database.ReadNow(connection => Dapper.SqlMapper.ExecuteScalar<int>(connection, LastCheckSql,
            new { message.Bucket, message.Enrollment, message.Step, message.Incarnation, node = settings.Node, domain })) == 1;
    }
}
