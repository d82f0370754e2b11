using System.Diagnostics;
using System.Text.Json;
using Refrain.EndToEnd.Tests.Running;

namespace Refrain.EndToEnd.Tests.Commands;

/// <summary><c>refrain classify</c> as people and programs call it.</summary>
public sealed class ClassifyTests : IDisposable
{
    private static readonly string[] Members = ["file", "class", "cause", "returnDate", "recipients", "perRecipient", "status", "originalMessageId", "rule"];

    private const string Report = """
        From: MAILER-DAEMON@mx.fir.test
        To: sam@acme.test
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.fir.test

        Final-Recipient: rfc822; rita@fir.test
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 No such user

        --b
        Content-Type: message/rfc822

        Message-ID: <1@acme.test>
        From: sam@acme.test
        To: rita@fir.test

        Hello
        --b--
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("refrain-classify-");

    [Fact]
    public async Task a_line_has_the_agreed_members_in_their_order()
    {
        var file = Write("report.eml", Report);
        var (code, output, _) = await RunAsync(file, "--json");
        code.ShouldBe(0);
        var line = JsonDocument.Parse(output.TrimEnd('\n')).RootElement;
        line.EnumerateObject().Select(member => member.Name).ShouldBe(Members);
        line.GetProperty("file").GetString().ShouldBe(file);
        line.GetProperty("class").GetString().ShouldBe("hard_bounce");
        line.GetProperty("cause").GetString().ShouldBe("address");
        line.GetProperty("returnDate").ValueKind.ShouldBe(JsonValueKind.Null);
        line.GetProperty("recipients")[0].GetString().ShouldBe("rita@fir.test");
        var recipient = line.GetProperty("perRecipient")[0];
        recipient.EnumerateObject().Select(member => $"{member.Name}={member.Value.GetString()}").ShouldBe(["address=rita@fir.test", "action=failed", "status=5.1.1", "class=hard_bounce"]);
        line.GetProperty("status").GetString().ShouldBe("5.1.1");
        line.GetProperty("originalMessageId").GetString().ShouldBe("<1@acme.test>");
    }

    [Fact]
    public async Task a_path_that_is_not_there_is_wrong_usage_and_nothing_is_read()
    {
        var (code, output, errors) = await RunAsync(Write("report.eml", Report), Path.Combine(folder.FullName, "nowhere"), "--json");
        (code, output).ShouldBe((2, ""));
        errors.ShouldContain("nowhere");
        (await RunAsync()).Code.ShouldBe(2);
        (await RunAsync("--yaml")).Code.ShouldBe(2);
    }

    [Fact]
    public async Task a_folder_is_read_whole_with_its_folders_in_order_of_names()
    {
        Directory.CreateDirectory(Path.Combine(folder.FullName, "inner"));
        var (b, a, c) = (Write("b.eml", Report), Write("a.eml", ""), Write(Path.Combine("inner", "c.eml"), Report));
        var (code, output, _) = await RunAsync(folder.FullName, "--json");
        code.ShouldBe(0);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Select(line => line.GetProperty("file").GetString()).ShouldBe([a, b, c]);
        (lines[0].GetProperty("class").GetString(), lines[0].GetProperty("rule").GetString()).ShouldBe(("other", "unreadable.empty"));
    }

    [Fact]
    public async Task an_empty_folder_prints_nothing()
    {
        var (code, output, _) = await RunAsync(folder.FullName, "--json");
        (code, output).ShouldBe((0, ""));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Builds.Cli, "classify", .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
