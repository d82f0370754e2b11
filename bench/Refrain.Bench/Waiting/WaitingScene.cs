using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Contacts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Loops;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Sending;
using Refrain.Engine.Tests.Bench;
using DatabaseKind = Refrain.Testing.DatabaseKind;

namespace Refrain.Bench.Waiting;

/// <summary>A database in which many wait: for a time, for a slot, for a user, or for nothing any more. Each round brings 100 more who are due.</summary>
internal sealed class WaitingScene : IAsyncDisposable
{
    private const int DueFreely = 80;
    private const int DueAtFullCap = 20;
    private const int Cap = 50;

    private const string OneEmail = """
        {"name":"One email","settings":{"oneAtATime":false},"steps":[{"kind":"email","delay":{"value":0,"unit":"minutes"},"subject":"Hello {{ contact.first_name }}","text":"Only one"}]}
        """;

    private const string AskForSlotsSql = "update mailbox set slots_next_at = @now where bucket = @bucket and id = @mailbox";
    private const string BucketSql = "select bucket from member where id = @User";
    private readonly EngineBench bench;
    private int round;

    private WaitingScene(EngineBench bench) => this.bench = bench;

    private SequenceId Sequence { get; set; }
    private MailboxId Capped { get; set; }
    private int Bucket { get; set; }

    public static async Task<WaitingScene> StartAsync(DatabaseKind kind, int waiting)
    {
        var stand = await EngineBench.StartAsync(kind, mailbox => mailbox with { SaveToSent = SaveToSent.Never });
        var scene = new WaitingScene(stand) { Sequence = await stand.PublishAsync(OneEmail), Capped = await AddCappedAsync(stand) };
        scene.Bucket = await stand.Database.ReadAsync(session => session.FirstAsync<int>(BucketSql, new { stand.User }, default), default);
        var sequence = await stand.Get<Engine.Sequences.SequenceCatalog>().GetAsync(scene.Sequence, 1, default);
        await new WaitingRows(stand, sequence, scene.Capped, scene.Bucket).FillAsync(waiting);
        await stand.Database.WriteAsync(session => LimitUse.CountAsync(session, scene.Bucket, scene.Capped, stand.Now, [.. Enumerable.Repeat("lee@there.test", Cap)], [], default), default);
        return scene;
    }

    /// <summary>100 come due; one turn is timed, then one in which nothing is due. What the first intended is sent in between, untimed.</summary>
    public async Task TurnAsync(Medians due, Medians idle)
    {
        await EnrollAsync(bench.Mailbox, DueFreely);
        await EnrollAsync(Capped, DueAtFullCap);
        await bench.Database.WriteAsync(session => session.ExecuteAsync(AskForSlotsSql, new { now = bench.Now, bucket = Bucket, mailbox = Capped }, default), default);
        await due.TakeAsync(() => bench.Loop<AdvanceLoop>().TurnAsync(default));
        await bench.SettleAsync();
        await idle.TakeAsync(() => bench.Loop<AdvanceLoop>().TurnAsync(default));
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        round++;
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    private static async Task<MailboxId> AddCappedAsync(EngineBench stand)
    {
        var server = new MailServerSettings("127.0.0.1", 1, ConnectionSecurity.None, "bea@ours.test", "secret");
        var added = EngineBench.Value(await stand.Get<MailboxRegister>().AddAsync(stand.Workspace, stand.User, new("Bea", "bea@ours.test", server, server, SaveToSent: SaveToSent.Never, DailyCap: Cap), default));
        MailboxId.TryParse(added.Id, out var mailbox).ShouldBeTrue();
        await stand.Get<MailboxChecks>().CheckAsync(stand.Workspace, mailbox, default);
        return mailbox;
    }

    private async Task EnrollAsync(MailboxId mailbox, int count)
    {
        var book = bench.Get<ContactBook>();
        var contacts = new List<ContactId>(count);
        for (var one = 0; one < count; one++)
        {
            var created = EngineBench.Value(await book.CreateAsync(bench.Workspace, new($"due-{round}-{mailbox}-{one}@there.test", FirstName: "Lee"), default));
            ContactId.TryParse(created.Id, out var contact).ShouldBeTrue();
            contacts.Add(contact);
        }
        var answer = await bench.Get<Enrolling>().EnrollAsync(new(bench.Workspace, Actor.User(bench.User), bench.User, Sequence, contacts, mailbox, 1, DryRun: false), default);
        answer.Problems.ShouldBeEmpty();
    }
}
