using System.Diagnostics;
using System.Text;
using Refrain.Testing;

namespace Refrain.EndToEnd.Tests.Running;

/// <summary>The server as people run it: a process of its own on a port of its own, that can be stopped and killed.</summary>
public sealed class RefrainProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly StringBuilder output;

    private RefrainProcess(Process process, StringBuilder output, Uri url) => (this.process, this.output, Url) = (process, output, url);

    public Uri Url { get; }

    public bool IsRunning => !process.HasExited;

    /// <summary>What it has printed.</summary>
    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    /// <summary>Starts it, and waits until it is well. <paramref name="url"/>: that of a process before it, which a link in a mail still names.</summary>
    public static async Task<RefrainProcess> StartAsync(FreshDatabase database, Uri? url = null, params (string Name, string Value)[] environment)
    {
        var address = url ?? new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        var start = Programs.Start(Builds.Server, database, environment, "--urls", address.GetLeftPart(UriPartial.Authority));
        var printed = new StringBuilder();
        var child = new Process { StartInfo = start };
        child.OutputDataReceived += (_, line) => Keep(printed, line.Data);
        child.ErrorDataReceived += (_, line) => Keep(printed, line.Data);
        child.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillIfRunning(child);
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        var started = new RefrainProcess(child, printed, address);
        await started.BecomeHealthyAsync();
        return started;
    }

    /// <summary>SIGKILL: no time for last words.</summary>
    public async Task KillAsync()
    {
        KillIfRunning(process);
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an operating system stops a service. Gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        return await ExitedAsync(Patience);
    }

    /// <summary>Waits until it is gone, whoever ended it. Gives the exit code.</summary>
    public async Task<int> ExitedAsync(TimeSpan patience)
    {
        using var over = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(over.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"the server still runs after {patience.TotalSeconds:0} s:\n{Output}", late);
        }
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private async Task BecomeHealthyAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.SeeAsync(
            async () => process.HasExited || await AnswersAsync(http), seen => seen, _ => Task.FromResult($"the server does not answer:\n{Output}"), Patience);
        if (process.HasExited) throw new InvalidOperationException($"the server ended with {process.ExitCode} as it started:\n{Output}");
    }

    private async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(Url, "healthz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException)
        {
            return false;
        }
    }

    private static void Keep(StringBuilder printed, string? line)
    {
        lock (printed) printed.AppendLine(line);
    }

    private static void KillIfRunning(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }
    }
}
