using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Refrain.Engine.Tests.Mail.Transcripts;

/// <summary>Plays a transcript on loopback, one connection after the other, and writes down what it heard.</summary>
internal sealed class TranscriptServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource over = new();
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> heard = [];
    private readonly Task playing;

    public TranscriptServer(Transcript transcript)
    {
        listener.Start();
        playing = PlayAsync(transcript);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The client's lines, over all connections; of content, its octets.</summary>
    public IReadOnlyList<string> Heard { get { lock (heard) return [.. heard]; } }

    public string? Content { get; private set; }

    /// <summary>Ends when the server has come to <c>hold</c>.</summary>
    public Task Held => held.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public void GoOn() => released.TrySetResult();

    /// <summary>Throws when the client did not keep to the transcript, or has not come to its end.</summary>
    public Task EndAsync() => playing.WaitAsync(TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        await ((Task)playing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        over.Dispose();
    }

    private async Task PlayAsync(Transcript transcript)
    {
        foreach (var connection in transcript.Connections)
        {
            using var client = await listener.AcceptTcpClientAsync(over.Token);
            await using var stream = client.GetStream();
            await PlayAsync(connection, stream);
        }
    }

    private async Task PlayAsync(IReadOnlyList<string> steps, NetworkStream stream)
    {
        var tag = "";
        foreach (var step in steps)
        {
            if (step == "drop")
                return;
            if (step == "hold")
                await HoldAsync();
            else if (step == "C: (content)")
                Content = await ContentAsync(stream);
            else if (step.StartsWith("S: ", StringComparison.Ordinal))
                await stream.WriteAsync(Encoding.UTF8.GetBytes(step[3..].Replace("{tag}", tag, StringComparison.Ordinal) + "\r\n"), over.Token);
            else
                tag = await HearAsync(step[3..], stream);
        }
        // What comes after the last step would be more than the client may say.
        if (await LineAsync(stream) is { } more && more != "QUIT")
            throw new InvalidOperationException($"the transcript was over, and the client said: {more}");
    }

    private async Task HoldAsync()
    {
        held.TrySetResult();
        await released.Task.WaitAsync(over.Token);
    }

    private async Task<string> HearAsync(string expected, NetworkStream stream)
    {
        var line = await LineAsync(stream) ?? throw new InvalidOperationException($"the client closed the connection instead of saying: {expected}");
        var tag = line.Split(' ')[0];
        var pattern = $"^{Regex.Escape(expected.Replace("{tag}", tag, StringComparison.Ordinal)).Replace("\\*", ".*", StringComparison.Ordinal)}$";
        if (!Regex.IsMatch(line, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
            throw new InvalidOperationException($"expected of the client: {expected}; it said: {line}");
        return tag;
    }

    private async Task<string> ContentAsync(NetworkStream stream)
    {
        var content = new StringBuilder();
        for (var line = await LineAsync(stream); line != "."; line = await LineAsync(stream))
            content.Append(line ?? throw new InvalidOperationException("the client closed the connection within the content")).Append("\r\n");
        return content.ToString();
    }

    private async Task<string?> LineAsync(NetworkStream stream)
    {
        var line = new List<byte>();
        var octet = new byte[1];
        while (await stream.ReadAsync(octet, over.Token) == 1)
        {
            line.Add(octet[0]);
            if (line is not [.., (byte)'\r', (byte)'\n'])
                continue;
            var text = Encoding.UTF8.GetString([.. line[..^2]]);
            lock (heard)
                heard.Add(text);
            return text;
        }
        return null;
    }
}
