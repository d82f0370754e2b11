using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Mail.Compose;
using Refrain.Engine.Mail.Unsubscribe;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Sending;

/// <summary>An intent to send: the first of the three marks. Its primary key is enrollment, step and incarnation: a step cannot be intended twice at once.</summary>
internal sealed record Intent(
    int Bucket, EnrollmentId Enrollment, StepId Step, int Incarnation, MessageId Id, WorkspaceId Workspace, MailboxId Mailbox, bool Manual, string Header, string References,
    string ToName, string ToAddress, RenderedEmail Email, string? UnsubscribeUrl, bool UnsubscribeFooter, bool ListUnsubscribe, Instant At, string Node);

/// <summary>Commits intents, takes them back, and settles lost outcomes; always inside the door's transaction.</summary>
internal sealed class Intents(EngineSettings settings, UnsubscribeLinks links, MessageIdKey key)
{
    private static readonly Table<Intent> Inserted = new("outbound_message",
        new("bucket", ColumnType.Integer, row => row.Bucket),
        new("enrollment_id", ColumnType.Uuid, row => row.Enrollment.Value),
        new("step_id", ColumnType.Uuid, row => row.Step.Value),
        new("incarnation", ColumnType.Integer, row => row.Incarnation),
        new("id", ColumnType.Uuid, row => row.Id.Value),
        new("workspace_id", ColumnType.Uuid, row => row.Workspace.Value),
        new("mailbox_id", ColumnType.Uuid, row => row.Mailbox.Value),
        new("manual", ColumnType.Boolean, row => row.Manual),
        new("header", ColumnType.Text, row => row.Header),
        new("references_headers", ColumnType.Text, row => row.References),
        new("to_name", ColumnType.Text, row => row.ToName),
        new("to_address", ColumnType.Text, row => row.ToAddress),
        new("subject", ColumnType.Text, row => row.Email.Subject),
        new("body_text", ColumnType.Text, row => row.Email.Text),
        new("body_html", ColumnType.Text, row => row.Email.Html),
        new("unsubscribe_url", ColumnType.Text, row => row.UnsubscribeUrl),
        new("unsubscribe_footer", ColumnType.Boolean, row => row.UnsubscribeFooter),
        new("list_unsubscribe", ColumnType.Boolean, row => row.ListUnsubscribe),
        new("status", ColumnType.Text, _ => "intended"),
        new("intended_at", ColumnType.Instant, row => row.At),
        new("node", ColumnType.Text, row => row.Node));

    private const string AddressSql = "select address from mailbox where bucket = @Bucket and id = @mailbox";

    // The run may have been given to another mailbox since.
    private const string ReuseSql = """
        update outbound_message set mailbox_id = @mailbox, status = 'intended', intended_at = @At, handed_at = null, epoch = null, node = @Node, outcome_at = null, answer = null
        where bucket = @Bucket and enrollment_id = @Enrollment and step_id = @Step and incarnation = @Incarnation and status in ('deferred', 'withdrawn', 'unknown')
        """;

    private const string RewriteSql = """
        update outbound_message set subject = @Subject, body_text = @Text, body_html = @Html
        where bucket = @Bucket and enrollment_id = @Enrollment and step_id = @Step and incarnation = @Incarnation and status = 'intended'
        """;

    private const string WithdrawSql = """
        update outbound_message set status = 'withdrawn', outcome_at = @At
        where bucket = @Bucket and enrollment_id = @Enrollment and step_id = @Step and status = 'intended'
        """;

    private const string SettleSql = """
        update outbound_message set status = 'accepted', outcome_at = @At
        where bucket = @Bucket and enrollment_id = @Enrollment and step_id = @Step and status in ('handed', 'unknown')
        """;

    private const string BouncedSql = """
        update outbound_message set status = 'bounced'
        where bucket = @Bucket and enrollment_id = @Enrollment and step_id = @Step and status = 'accepted'
        """;

    private const string RestoreSql = """
        update outbound_message set status = 'accepted'
        where bucket = @Bucket and enrollment_id = @Enrollment and step_id = @Step and status = 'bounced'
            and incarnation = (select max(newest.incarnation) from outbound_message newest
                where newest.bucket = @Bucket and newest.enrollment_id = @Enrollment and newest.step_id = @Step)
        """;

    /// <summary>Commits the intents of a batch. A message that a server definitely refused or bounced gets a new Message-ID; every other attempt keeps the one it had, with its content.</summary>
    public async Task SendAsync(Session session, IReadOnlyList<(Move Move, SendEmail Effect)> sends, CancellationToken cancel)
    {
        var inserted = new List<Intent>(sends.Count);
        foreach (var (move, effect) in sends)
        {
            var newest = move.Case.NewestOf(effect.Step);
            switch (newest?.Status)
            {
                case null or "refused" or "bounced":
                    inserted.Add(await NewIntentAsync(session, move, effect, (newest?.Incarnation ?? 0) + 1, cancel));
                    break;
                case "deferred" or "withdrawn" or "unknown":
                    await ReuseAsync(session, move, effect, newest, cancel);
                    break;
                default:
                    throw new InvalidOperationException($"Step {effect.Step} of enrollment {move.After.Id} has a message that is {newest.Status}: it must not be sent again.");
            }
        }
        await session.InsertAsync(Inserted, inserted, cancel);
    }

    public Task WithdrawAsync(Session session, Move move, StepId step, CancellationToken cancel) => session.ExecuteAsync(WithdrawSql, Of(move, step), cancel);

    public Task SettleAsAcceptedAsync(Session session, Move move, StepId step, CancellationToken cancel) => session.ExecuteAsync(SettleSql, Of(move, step), cancel);

    public Task MarkBouncedAsync(Session session, Move move, StepId step, CancellationToken cancel) => session.ExecuteAsync(BouncedSql, Of(move, step), cancel);

    public Task RestoreAsync(Session session, Move move, StepId step, CancellationToken cancel) => session.ExecuteAsync(RestoreSql, Of(move, step), cancel);

    private static object Of(Move move, StepId step) => new { move.After.Bucket, Enrollment = move.After.Id, Step = step, move.Signal.At };

    private async Task ReuseAsync(Session session, Move move, SendEmail effect, DoorMessage newest, CancellationToken cancel)
    {
        var reused = await session.ExecuteAsync(ReuseSql,
            new { move.After.Bucket, Enrollment = move.After.Id, effect.Step, newest.Incarnation, move.Signal.At, settings.Node, mailbox = MailboxOf(move) }, cancel);
        if (reused != 1) throw new LostRaceException($"The message of step {effect.Step} of enrollment {move.After.Id} is no longer {newest.Status}.");
        if (effect.Manual && move.Email is { } edited)
            await session.ExecuteAsync(RewriteSql,
                new { move.After.Bucket, Enrollment = move.After.Id, effect.Step, newest.Incarnation, edited.Subject, edited.Text, edited.Html }, cancel);
    }

    private static MailboxId MailboxOf(Move move) =>
        move.After.Mailbox ?? throw new InvalidOperationException($"Enrollment {move.After.Id} has no mailbox to send from.");

    private async Task<Intent> NewIntentAsync(Session session, Move move, SendEmail effect, int incarnation, CancellationToken cancel)
    {
        var (run, contact, sequence) = (move.After, move.Case.Contact, move.Case.Sequence);
        var email = move.Email ?? throw new InvalidOperationException($"No content was rendered for step {effect.Step} of enrollment {run.Id}.");
        var mailbox = MailboxOf(move);
        var from = await session.FirstAsync<string>(AddressSql, new { run.Bucket, mailbox }, cancel);
        var header = MessageIds.For(await key.GetAsync(session, cancel), run.Workspace, run.Id, effect.Step, incarnation, from!);
        var sent = sequence.Settings.Threading ? move.Case.Sent.ToList() : [];
        var url = sequence.Settings.UnsubscribeFooter || sequence.Settings.ListUnsubscribe
            ? $"{settings.PublicUrl}/u/{links.TokenFor(run.Id, run.Contact, run.Bucket)}" : null;
        return new(run.Bucket, run.Id, effect.Step, incarnation, MessageId.New(), run.Workspace, mailbox, effect.Manual, header,
            string.Join(' ', sent.Select(message => message.Header)), contact.Name, contact.Email,
            sent.Count > 0 ? email with { Subject = sent[0].Subject } : email, url, sequence.Settings.UnsubscribeFooter, sequence.Settings.ListUnsubscribe, move.Signal.At, settings.Node);
    }
}
