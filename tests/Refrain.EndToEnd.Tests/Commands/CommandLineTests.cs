using System.Text.Json;
using Refrain.Contracts;
using Refrain.EndToEnd.Tests.Running;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Commands;

/// <summary>The command line as people and scripts run it: a process, its exit code, what it prints where.</summary>
public sealed class CommandLineTests(Stages stages)
{
    private const string Reply = "From: Lee <lee@acme.test>\r\nTo: ann@ours.test\r\nSubject: Re: Hello\r\nMessage-ID: <1@acme.test>\r\nIn-Reply-To: <2@ours.test>\r\n\r\nYes, call me.\r\n";

    [Theory]
    [InlineData]
    [InlineData("dance")]
    [InlineData("key", "create")]
    [InlineData("key", "create", "--admin", "--user", "ann@ours.test")]
    [InlineData("key", "revoke", "nonsense")]
    [InlineData("import")]
    [InlineData("import", "nowhere.csv")]
    [InlineData("classify")]
    [InlineData("classify", "nowhere.eml")]
    [InlineData("why")]
    [InlineData("why", "some-id")]
    public async Task wrong_usage_is_told_on_the_error_stream_and_ends_with_two(params string[] arguments)
    {
        await using var database = await FreshDatabase.CreateAsync(DatabaseKind.Sqlite);

        var ended = await Programs.EndAsync(Builds.Cli, database, [], arguments);

        (ended.ExitCode, ended.Printed).ShouldBe((2, ""), ended.Errors);
        ended.Errors.ShouldNotBeNullOrWhiteSpace();
        ended.Errors.ShouldNotContain("   at ", Case.Sensitive, "no stack is shown");
    }

    [Theory, OnEveryDatabase]
    public async Task a_key_is_printed_alone_on_one_line_once_and_dies_when_it_is_revoked(DatabaseKind kind)
    {
        await using var database = await FreshDatabase.CreateAsync(kind);

        var created = await Programs.EndAsync(Builds.Cli, database, [], "key", "create", "--admin", "--name", "first");

        (created.ExitCode, created.Errors).ShouldBe((0, ""));
        created.Printed.ShouldMatch("^rfr_[A-Za-z0-9_-]{43}\n$");
        var listed = await Programs.RunAsync(Builds.Cli, database, "key", "list", "--json");
        listed.ShouldNotContain(created.Printed.Trim());
        var key = JsonSerializer.Deserialize<ApiKey>(listed, WireJson.Tolerant)!;
        (key.Name, key.UserEmail, key.RevokedAt).ShouldBe(("first", "admin@localhost", null));
        await using var server = await RefrainProcess.StartAsync(database);
        using var client = new RefrainClient(server.Url, created.Printed.Trim());
        (await client.GetAsync<Page<ApiKey>>("keys")).Items.ShouldHaveSingleItem().Id.ShouldBe(key.Id);
        (await Programs.RunAsync(Builds.Cli, database, "key", "revoke", key.Id)).ShouldBe("first of admin@localhost is revoked.\n");
        (await client.RefusedAsync(HttpMethod.Get, "keys")).Status.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        (await Programs.EndAsync(Builds.Cli, database, [], "key", "revoke", Guid.CreateVersion7().ToString("N"))).ExitCode.ShouldBe(1);
    }

    [Theory, OnEveryDatabase]
    public async Task an_import_names_row_and_column_of_what_is_wrong_and_takes_the_rest(DatabaseKind kind)
    {
        var stage = await stages.OnAsync(kind);
        var file = Path.Combine(stage.Database.Folder, $"{Guid.CreateVersion7():N}.csv");
        var right = MailLab.Fresh("lead");
        await File.WriteAllTextAsync(file, $"email,firstName,timeZone,plan\n{right},Lee,Europe/Berlin,gold\nnot an address,Kim,,\n{MailLab.Fresh("lead")},Pat,Mars/Olympus,\n");

        var ended = await Programs.EndAsync(Builds.Cli, stage.Database, Environment(stage, kind), "import", file);

        (ended.ExitCode, ended.Printed).ShouldBe((1, "1 created, 0 updated, 2 refused\n"), ended.Errors);
        var lines = ended.Errors.TrimEnd().Split('\n');
        lines.Length.ShouldBe(2, ended.Errors);
        lines[0].ShouldStartWith("row 3, email: ");
        lines[1].ShouldStartWith("row 4, timeZone: ");
        (await stage.Client.AllAsync<Contact>($"contacts?email={right}")).ShouldHaveSingleItem().Fields["plan"].ShouldBe("gold");
    }

    [Theory, OnEveryDatabase]
    public async Task why_says_what_an_enrollment_waits_for(DatabaseKind kind)
    {
        var stage = await stages.OnAsync(kind);
        var sequence = await stage.Client.PublishAsync(Settings.Sequence(new SequenceStep { Kind = StepKind.Call, Title = "Call", Delay = Settings.Tomorrow }));
        var enrolled = await stage.Client.PostAsync<Enrolled>($"sequences/{sequence}/enrollments", new Enroll(Emails: [MailLab.Fresh("lead")]));
        var id = enrolled.EnrollmentIds.ShouldHaveSingleItem();

        var said = await Programs.EndAsync(Builds.Cli, stage.Database, Environment(stage, kind), "why", id);
        var json = await Programs.EndAsync(Builds.Cli, stage.Database, Environment(stage, kind), "why", id, "--json");
        var unknown = await Programs.EndAsync(Builds.Cli, stage.Database, Environment(stage, kind), "why", Guid.CreateVersion7().ToString("N"));

        (said.ExitCode, said.Errors).ShouldBe((0, ""));
        said.Printed.ShouldStartWith("active: ");
        said.Printed.ShouldContain("Predicted: ");
        JsonSerializer.Deserialize<EnrollmentWhy>(json.Printed, WireJson.Tolerant)!.State.ShouldBe("active");
        (unknown.ExitCode, unknown.Printed).ShouldBe((1, ""));
        unknown.Errors.ShouldContain("no such enrollment");
    }

    [Fact]
    public async Task a_server_that_cannot_be_reached_is_told_and_ends_with_one()
    {
        await using var database = await FreshDatabase.CreateAsync(DatabaseKind.Sqlite);
        var nowhere = $"http://127.0.0.1:{FreePorts.Next()}";

        var ended = await Programs.EndAsync(Builds.Cli, database, [("REFRAIN_URL", nowhere), ("REFRAIN_KEY", "rfr_x")], "why", "some-id");

        ended.ExitCode.ShouldBe(1);
        ended.Errors.ShouldStartWith($"refrain why: {nowhere} cannot be reached.");
    }

    [Theory, OnEveryDatabase]
    public async Task doctor_finds_a_new_installation_well_and_makes_none(DatabaseKind kind)
    {
        await using var well = await Installations.NewAsync(kind);

        var looked = await Programs.EndAsync(Builds.Cli, well, [("REFRAIN_PUBLIC_URL", "https://mail.example.com")], "doctor", "--json");
        var wrong = await Programs.EndAsync(Builds.Cli, well, [("REFRAIN_PUBLIC_URL", "nonsense")], "doctor");

        looked.ExitCode.ShouldBe(0, looked.Printed + looked.Errors);
        JsonSerializer.Deserialize<JsonElement>(looked.Printed).GetProperty("well").GetBoolean().ShouldBeTrue();
        wrong.ExitCode.ShouldBe(1);
        wrong.Printed.ShouldContain("wrong   public address: REFRAIN_PUBLIC_URL is \"nonsense\"");
        await using var empty = await FreshDatabase.CreateAsync(DatabaseKind.Sqlite);
        (await Programs.EndAsync(Builds.Cli, empty, [("REFRAIN_DATA", Path.Combine(empty.Folder, "none"))], "doctor")).ExitCode.ShouldBe(1);
        Directory.Exists(Path.Combine(empty.Folder, "none")).ShouldBeFalse();
    }

    [Fact]
    public async Task classify_reads_files_and_folders_and_prints_a_line_of_json_for_each()
    {
        await using var database = await FreshDatabase.CreateAsync(DatabaseKind.Sqlite);
        var folder = Directory.CreateDirectory(Path.Combine(database.Folder, "mail", "inner")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "reply.eml"), Reply);
        await File.WriteAllTextAsync(Path.Combine(folder, "away.eml"), Reply.Replace("Subject: Re:", "Auto-Submitted: auto-replied\r\nSubject: Out of office:", StringComparison.Ordinal)
            .Replace("Yes, call me.", "I am out of the office and will be back on 12 January 2027.", StringComparison.Ordinal));

        var ended = await Programs.EndAsync(Builds.Cli, database, [], "classify", "--json", Path.Combine(database.Folder, "mail"));

        ended.ExitCode.ShouldBe(0, ended.Errors);
        var lines = ended.Printed.TrimEnd().Split('\n').Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        lines.Select(line => (Path.GetFileName(line.GetProperty("file").GetString()), line.GetProperty("class").GetString(), line.GetProperty("returnDate").GetString()))
            .ShouldBe([("away.eml", "out_of_office", "2027-01-12"), ("reply.eml", "reply", null)]);
    }

    private static (string, string)[] Environment(Stage stage, DatabaseKind kind) => [("REFRAIN_URL", stage.Server.Url.ToString()), ("REFRAIN_KEY", Installations.KeyOf(kind))];
}
