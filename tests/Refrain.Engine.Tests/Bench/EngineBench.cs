using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using Refrain.Contracts;
using Refrain.Core;
using Refrain.Core.Enrollments;
using Refrain.Engine.Access;
using Refrain.Engine.Contacts;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Hosting;
using Refrain.Engine.Loops;
using Refrain.Engine.Mail;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Sequences;
using Refrain.Engine.Storage;
using Refrain.Testing;
using DatabaseKind = Refrain.Testing.DatabaseKind;
using Enrollment = Refrain.Core.Enrollments.Enrollment;

namespace Refrain.Engine.Tests.Bench;

/// <summary>The engine on a real database, with a clock that the test moves, a mail world in memory, and loops whose turns the test takes.</summary>
internal sealed class EngineBench : IAsyncDisposable
{
    private readonly FreshDatabase fresh;
    private readonly ServiceProvider services;
    private bool isFirst = true;

    private EngineBench(FreshDatabase fresh, ServiceProvider services) => (this.fresh, this.services) = (fresh, services);

    public FakeTimeProvider Time => services.GetRequiredService<FakeTimeProvider>();
    public ScriptedMail Mail => services.GetRequiredService<ScriptedMail>();
    public Database Database => services.GetRequiredService<Database>();
    public WorkspaceId Workspace { get; private set; }
    public UserId User { get; private set; }
    public MailboxId Mailbox { get; private set; }
    public Instant Now => Instant.FromDateTimeOffset(Time.GetUtcNow());

    /// <summary>Starts on Monday 4 January 2027, 09:00 UTC, with one healthy mailbox.</summary>
    public static Task<EngineBench> StartAsync(DatabaseKind kind, int? dailyCap = null) => StartAsync(kind, mailbox => mailbox with { DailyCap = dailyCap });

    /// <summary>The same, with a mailbox of other settings.</summary>
    public static async Task<EngineBench> StartAsync(DatabaseKind kind, Func<MailboxSettings, MailboxSettings> settings)
    {
        var database = await FreshDatabase.CreateAsync(kind, MigrateAsync);
        var bench = new EngineBench(database, Build(database, new(new DateTimeOffset(2027, 1, 4, 9, 0, 0, TimeSpan.Zero)), new(), new EphemeralDataProtectionProvider()));
        (bench.Workspace, bench.User) = await bench.Get<FirstAdmin>().EnsureAsync(CancellationToken.None);
        bench.Mailbox = await bench.AddMailboxAsync("ann@ours.test", settings);
        bench.Bucket = await bench.Database.ReadAsync(session => session.FirstAsync<int>("select bucket from member where id = @User", new { bench.User }, default), default);
        await bench.ReadInboxAsync();
        return bench;
    }

    /// <summary>Another process on the same database, with the same clock and mail world.</summary>
    public EngineBench StartSecondProcess() =>
        new(fresh, Build(fresh, Time, Mail, Get<IDataProtectionProvider>())) { isFirst = false, Workspace = Workspace, User = User, Mailbox = Mailbox, Bucket = Bucket };

    /// <summary>One more mailbox of the same user, which works.</summary>
    public async Task<MailboxId> AddMailboxAsync(string address, Func<MailboxSettings, MailboxSettings>? settings = null)
    {
        var server = new MailServerSettings("127.0.0.1", 1, Contracts.ConnectionSecurity.None, address, "secret");
        var plain = new MailboxSettings("Ann", address, server, server);
        MailboxId.TryParse(Value(await Get<MailboxRegister>().AddAsync(Workspace, User, settings?.Invoke(plain) ?? plain, CancellationToken.None)).Id, out var mailbox).ShouldBeTrue();
        (await Get<MailboxChecks>().CheckAsync(Workspace, mailbox, CancellationToken.None))!.Health.ShouldBe(Contracts.MailboxHealth.Healthy);
        return mailbox;
    }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public T Loop<T>() where T : Loop => Loops.OfType<T>().Single();

    public IEnumerable<Loop> Loops => services.GetServices<IHostedService>().OfType<Loop>();

    public async Task<SequenceId> PublishAsync(string json)
    {
        var desk = Get<SequenceDesk>();
        var saved = Value(await desk.CreateAsync(Workspace, User, JsonSerializer.Deserialize<SequenceText>(json, WireJson.Options)!, CancellationToken.None));
        SequenceId.TryParse(saved.Id, out var id).ShouldBeTrue();
        Value(await desk.PublishAsync(Workspace, id, CancellationToken.None)).Version.ShouldBe(1);
        return id;
    }

    public async Task<ContactId> AddContactAsync(string email, string? firstName = "Lee")
    {
        var created = Value(await Get<ContactBook>().CreateAsync(Workspace, new(email, FirstName: firstName), CancellationToken.None));
        ContactId.TryParse(created.Id, out var id).ShouldBeTrue();
        return id;
    }

    public async Task<EnrollmentId> EnrollAsync(SequenceId sequence, string email) => (await EnrollAsync(sequence, await AddContactAsync(email))).Id!.Value;

    public Task<EnrolledRow> EnrollAsync(SequenceId sequence, params ContactId[] contacts) => EnrollAsync(sequence, Mailbox, contacts);

    public async Task<EnrolledRow> EnrollAsync(SequenceId sequence, MailboxId mailbox, params ContactId[] contacts)
    {
        var answer = await Get<Enrolling>().EnrollAsync(
            new(Workspace, Actor.User(User), User, sequence, contacts, mailbox, 1, DryRun: false), CancellationToken.None);
        answer.Problems.ShouldBeEmpty();
        return answer.Rows[0];
    }

    /// <summary>lead0@acme.test and so on, in one call.</summary>
    public async Task EnrollManyAsync(SequenceId sequence, int count)
    {
        var contacts = new List<ContactId>(count);
        for (var index = 0; index < count; index++) contacts.Add(await AddContactAsync($"lead{index}@acme.test"));
        await EnrollAsync(sequence, [.. contacts]);
    }

    /// <summary>How many messages have each status, in the order of the alphabet.</summary>
    public async Task<IReadOnlyList<(string Status, int Count)>> StatusesAsync()
    {
        var statuses = await Database.ReadAsync(session => session.QueryAsync<string>("""
            select status from outbound_message o
            where incarnation = (select max(incarnation) from outbound_message n where n.enrollment_id = o.enrollment_id and n.step_id = o.step_id)
            """, null, default), default);
        return [.. statuses.CountBy(status => status).Select(one => (one.Key, one.Value)).Order()];
    }

    /// <summary>Takes turns until nothing is due and nothing is under way.</summary>
    public async Task SettleAsync()
    {
        TimeSpan advanced, sent;
        do
        {
            await Loop<HeartbeatLoop>().TurnAsync(CancellationToken.None);
            await Loop<RescueLoop>().TurnAsync(CancellationToken.None);
            advanced = await Loop<AdvanceLoop>().TurnAsync(CancellationToken.None);
            sent = await Loop<SendLoop>().TurnAsync(CancellationToken.None);
        }
        while (advanced == TimeSpan.Zero || sent == TimeSpan.Zero);
    }

    public async Task PassAsync(Duration duration)
    {
        Time.Advance(duration.ToTimeSpan());
        await SettleAsync();
    }

    public Task<bool> ReadInboxAsync() => Get<MailboxReaders>().ReadSinceAsync(Bucket, Mailbox, Now, CancellationToken.None);

    private int Bucket { get; set; }

    public async Task<Enrollment> FindAsync(EnrollmentId id)
    {
        var rows = await Database.ReadAsync(session => session.QueryAsync<EnrollmentRow>(
            $"select {EnrollmentRow.Columns} from enrollment where bucket in (select number from bucket) and id = @id", new { id }, default), default);
        return rows.ShouldHaveSingleItem().ToEnrollment();
    }

    public Task<IReadOnlyList<DoorAnswer>> SignalAsync(EnrollmentId id, Func<Enrollment, Signal> signal) =>
        Get<EnrollmentStore>().SignalAsync(Workspace, [id], signal, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (isFirst) await fresh.DisposeAsync();
    }

    public static TValue Value<TValue>(Answer<TValue> answer) => answer.ShouldBeOfType<Answer<TValue>.Done>().Value;

    private static async Task MigrateAsync(FreshDatabase empty) => await Open(empty).DisposeAsync();

    private static Database Open(FreshDatabase database) =>
        database.Kind == DatabaseKind.Postgres ? Storage.Database.OpenPostgres(database.ConnectionString) : Storage.Database.OpenSqlite(database.Folder);

    private static ServiceProvider Build(FreshDatabase database, FakeTimeProvider time, ScriptedMail mail, IDataProtectionProvider protection)
    {
        var added = new ServiceCollection();
        added.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        added.AddSingleton(protection);
        added.AddSingleton(Open(database));
        added.AddSingleton(new EngineSettings("http://127.0.0.1:5080", Guid.CreateVersion7().ToString("N")));
        added.AddSingleton(time);
        added.AddSingleton<TimeProvider>(time);
        added.AddSingleton(mail);
        added.AddSingleton<IMailSender>(mail);
        added.AddSingleton<IInbox>(mail);
        added.AddRefrainEngine();
        added.AddRefrainRecords();
        return added.BuildServiceProvider(validateScopes: true);
    }
}
