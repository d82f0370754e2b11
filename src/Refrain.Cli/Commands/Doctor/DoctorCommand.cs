using System.CommandLine;
using Refrain.Engine.Checkups;
using Refrain.Engine.Storage;

namespace Refrain.Cli.Commands.Doctor;

/// <summary><c>refrain doctor</c>: looks an installation over.</summary>
internal static class DoctorCommand
{
    private const string PublicUrlVariable = "REFRAIN_PUBLIC_URL";

    public static Command Create()
    {
        var json = Printed.Json();
        var command = new Command("doctor", "Look the installation over: database, schema, clock, queue, mailboxes, public address. Exit code 1 when something is wrong.") { json };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(bool json, CancellationToken cancel)
    {
        var settings = OpenedDatabase.Settings;
        // To look at a database must not make one.
        if (settings.Postgres is null && !File.Exists(Path.Combine(settings.Folder, "refrain.db")))
        {
            await Console.Error.WriteLineAsync($"refrain doctor: there is no database in {settings.Folder}. Set REFRAIN_DATA or REFRAIN_DATABASE to what the server uses.");
            return RootCommandFactory.Failed;
        }
        return await OpenedDatabase.UseAsync("doctor", database => LookAsync(database, settings, json, cancel));
    }

    private static async Task<int> LookAsync(Database database, DatabaseSettings settings, bool json, CancellationToken cancel)
    {
        IReadOnlyList<Symptom> symptoms =
        [
            new("database", Condition.Good, settings.ToString()),
            .. await new Checkup(database, TimeProvider.System).LookAsync(cancel),
            PublicUrl(Environment.GetEnvironmentVariable(PublicUrlVariable)),
        ];
        var well = symptoms.All(symptom => symptom.Condition != Condition.Wrong);
        if (json) Printed.Line(new { well, symptoms });
        else foreach (var symptom in symptoms) Console.WriteLine($"{Mark(symptom.Condition),-6}  {symptom.Name}: {symptom.Detail}");
        return well ? RootCommandFactory.Done : RootCommandFactory.Failed;
    }

    private static Symptom PublicUrl(string? url)
    {
        if (string.IsNullOrWhiteSpace(url)) return new("public address", Condition.Notice, $"{PublicUrlVariable} is not set here: unsubscribe links lead to where the server listens");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return new("public address", Condition.Wrong, $"{PublicUrlVariable} is \"{url}\", which is no web address");
        return address.IsLoopback
            ? new("public address", Condition.Notice, $"{url} is this machine: contacts cannot reach the unsubscribe page")
            : new("public address", Condition.Good, url);
    }

    private static string Mark(Condition condition) => condition switch
    {
        Condition.Good => "ok",
        Condition.Notice => "notice",
        Condition.Wrong => "wrong",
    };
}
