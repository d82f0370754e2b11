using NodaTime;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Core.Sequences;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;
using Refrain.Engine.Tests.Bench;

namespace Refrain.Bench.Waiting;

/// <summary>Fills a database with enrollments that wait: of ten, five for a time to come, two for a slot of a full mailbox, one paused, one away, one finished.</summary>
internal sealed class WaitingRows(EngineBench bench, Sequence sequence, MailboxId capped, int bucket)
{
    private const int Batch = 10_000;
    private readonly Instant now = bench.Now;

    private static readonly Table<(ContactId Id, WorkspaceId Workspace, int Number, Instant At)> Contacts = new("contact",
        new("id", ColumnType.Uuid, row => row.Id.Value),
        new("workspace_id", ColumnType.Uuid, row => row.Workspace.Value),
        new("email", ColumnType.Text, row => $"waiting-{row.Number}@there.test"),
        new("first_name", ColumnType.Text, _ => "Lee"),
        new("fields", ColumnType.Json, _ => "{}"),
        new("created_at", ColumnType.Instant, row => row.At));

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
                },
                default);
        }
        if (bench.Database.Kind == Engine.Storage.DatabaseKind.Postgres)
            await bench.Database.WriteAsync(session => session.ExecuteAsync("analyze", null, default), default);
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
            9 => run with { Verdict = EnrollmentState.Finished, Position = frozen },
            _ => run,
        };
    }
}
