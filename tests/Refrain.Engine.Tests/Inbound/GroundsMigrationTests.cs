using Refrain.Core.Enrollments;
using Refrain.Core.Inbound;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Storage;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;
using DatabaseKind = Refrain.Testing.DatabaseKind;

namespace Refrain.Engine.Tests.Inbound;

/// <summary>What was suppressed before the grounds were kept knows its grounds.</summary>
public sealed class GroundsMigrationTests
{
    private const string BackSql = """
        drop table suppression_ground;
        drop table absence_ground;
        alter table suppression add column message_id {0};
        alter table suppression add column earlier_reason text;
        alter table suppression add column earlier_source text;
        create index suppression_message on suppression (message_id) where message_id is not null;
        """;

    private const string MarkSql = """
        update suppression set earlier_reason = 'bounced', earlier_source = '5.1.1', message_id = (select id from inbound_message where class = 'unsubscribe' limit 1)
        where value = 'lee@acme.test'
        """;

    [Theory, OnEveryDatabase]
    public async Task old_suppressions_stand_and_go_with_their_messages(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var sequence = await bench.PublishAsync(SampleSequences.TwoEmails);
        await bench.EnrollAsync(sequence, "lee@acme.test");
        var kim = await bench.EnrollAsync(sequence, "kim@acme.test");
        await bench.SettleAsync();
        bench.Mail.Report(bench.Mail.Accepted.Single(email => email.ToAddress == "lee@acme.test"), "5.1.1");
        var bounce = await bench.ReceiveAsync();
        bench.Mail.Write("lee@acme.test", "ann@ours.test", "A request", "Please remove me from your list.");
        var letter = await bench.ReceiveAsync();
        await bench.Get<OptOuts>().OptOutAsync((await bench.FindAsync(kim)).Contact, kim, OptOutSource.Link, Core.Enrollments.Actor.Contact, CancellationToken.None);
        await RunAsync(bench, BackSql.Replace("{0}", database == DatabaseKind.Postgres ? "uuid" : "blob", StringComparison.Ordinal));
        await RunAsync(bench, MarkSql);

        await RunAsync(bench, ScriptOf(database));

        (await bench.SuppressedAsync()).ShouldBe(["kim@acme.test opted_out", "lee@acme.test opted_out"]);
        await bench.CorrectedAsync(letter, InboundClass.Other);
        (await bench.SuppressedAsync()).ShouldBe(["kim@acme.test opted_out", "lee@acme.test bounced"]);
        await bench.CorrectedAsync(bounce, InboundClass.Other);
        (await bench.SuppressedAsync()).ShouldBe(["kim@acme.test opted_out"]);
        var grounds = await bench.Database.ReadAsync(
            session => session.QueryAsync<string>("select source from suppression_ground where message_id is null", null, default), default);
        grounds.ShouldBe(["link"]);
    }

    private static Task RunAsync(EngineBench bench, string sql) => bench.Database.WriteAsync(session => session.ExecuteAsync(sql, null, default), default);

    private static string ScriptOf(DatabaseKind database)
    {
        var assembly = typeof(Database).Assembly;
        var name = assembly.GetManifestResourceNames().Single(one => one.EndsWith($"0007_grounds.{database.ToString().ToLowerInvariant()}.sql", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
