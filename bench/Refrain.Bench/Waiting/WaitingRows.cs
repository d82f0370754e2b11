using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Sending;
using Refrain.Engine.Storage;
using Refrain.Engine.Tests.Bench;

namespace Refrain.Bench.Waiting;

/// <summary>Fills a database with enrollments that wait: of ten, five for a time to come, two for a slot of a full mailbox, one paused, one away, one finished that has had its email.</summary>
internal sealed class WaitingRows(EngineBench bench, Sequence sequence, MailboxId capped, int bucket)
{
    private const int Batch = 10_000;
    private readonly Instant now = bench.Now;

    private const string LaneSql = "update enrollment set lane = @lane where bucket = @bucket and mailbox_id = @mailbox and waits_for = 'slot'";

    private static readonly Table<(ContactId Id, WorkspaceId Workspace, int Number, Instant At)> Contacts = new("contact",
        new("id", ColumnType.Uuid, row => row.Id.Value),
        new("workspace_id", ColumnType.Uuid, row => row.Workspace.Value),
        new("email", ColumnType.Text, row => $"waiting-{row.Number}@there.test"),
        new("first_name", ColumnType.Text, _ => "Lee"),
        new("fields", ColumnType.Json, _ => "{}"),
        new("created_at", ColumnType.Instant, row => row.At));

    private static readonly Table<Enrollment> Messages = new("outbound_message",
        new("bucket", ColumnType.Integer, run => run.Bucket),
        new("enrollment_id", ColumnType.Uuid, run => run.Id.Value),
        new("step_id", ColumnType.Uuid, run => run.Position.Step!.Value.Value),
        new("incarnation", ColumnType.Integer, _ => 0),
        new("id", ColumnType.Uuid, _ => MessageId.New().Value),
        new("workspace_id", ColumnType.Uuid, run => run.Workspace.Value),
        new("mailbox_id", ColumnType.Uuid, run => run.Mailbox!.Value.Value),
        new("manual", ColumnType.Boolean, _ => false),
        new("header", ColumnType.Text, run => $"{run.Id}@ours.test"),
        new("references_headers", ColumnType.Text, _ => ""),
        new("to_name", ColumnType.Text, _ => "Lee"),
        new("to_address", ColumnType.Text, run => $"{run.Id}@there.test"),
        new("subject", ColumnType.Text, _ => "Hello Lee"),
        new("body_text", ColumnType.Text, _ => "Only one"),
        new("unsubscribe_footer", ColumnType.Boolean, _ => true),
        new("list_unsubscribe", ColumnType.Boolean, _ => false),
        new("status", ColumnType.Text, _ => "accepted"),
        new("intended_at", ColumnType.Instant, run => run.Since - Duration.FromDays(9)),
        new("handed_at", ColumnType.Instant, run => run.Since - Duration.FromDays(9)),
        new("outcome_at", ColumnType.Instant, run => run.Since - Duration.FromDays(9)));

    public async Task FillAsync(int count)
    {
        for (var first = 0; first < count; first += Batch)
        {
            var contacts = Enumerable.Range(first, Math.Min(Batch, count - first)).Select(number => (ContactId.New(), bench.Workspace, number, now)).ToList();
            var runs = contacts.ConvertAll(contact => StoredEnrollment.Of(Run(contact.number, contact.Item1), sequence));
            await bench.Database.WriteAsync(
                async session =>
                {
                    await session.InsertAsync(Contacts, contacts, default);
                    await session.InsertAsync(EnrollmentTable.Insert, runs, default);
                    await session.InsertAsync(Messages, [.. runs.Select(run => run.Enrollment).Where(run => run.EmailsSent > 0)], default);
                },
                default);
        }
        var lane = LaneText.Of(new(capped, LaneLimit.Sender, sequence.Id, 1, SlotKind.FirstStep, "UTC", ""));
        await bench.Database.WriteAsync(session => session.ExecuteAsync(LaneSql, new { lane, bucket, mailbox = capped }, default), default);
        if (bench.Database.Kind == Engine.Storage.DatabaseKind.Postgres)
            foreach (var table in new[] { "enrollment", "outbound_message", "contact" })
                await bench.Database.WriteAsync(session => session.ExecuteAsync($"analyze {table}", null, default), default);
    }

    private Enrollment Run(int number, ContactId contact)
    {
        var step = sequence.Steps[0].Id;
        var later = now + Duration.FromHours(1) + Duration.FromSeconds(number % 2_592_000);
        var before = now - Duration.FromHours(1);
        var run = new Enrollment
        {
            Id = EnrollmentId.New(), Workspace = bench.Workspace, Bucket = bucket, User = bench.User, Sequence = sequence.Id, SequenceVersion = 1, Contact = contact,
            Mailbox = bench.Mailbox, Position = new(Phase.Waiting, step, DelayEnds: later, NextAt: later, DueAt: later),
            Why = Why.Of("waits", "It waits."), Since = before, EnrolledAt = before, Revision = 1,
        };
        var frozen = new Position(Phase.Waiting, step, Remaining: Duration.FromHours(1));
        return (number % 10) switch
        {
            5 or 6 => run with
            {
                Mailbox = capped,
                Position = new(Phase.Capped, step, DelayEnds: before, DueAt: before, Cap: new("mailbox_daily", 50, 50, now + Duration.FromHours(23))),
            },
            7 => run with { Pause = new(before, null), Position = frozen },
            8 => run with { Absence = new(before, later), Position = frozen },
            9 => run with { Verdict = EnrollmentState.Finished, Position = frozen, EmailsSent = 1 },
            _ => run,
        };
    }
}
