using System.Net;
using System.Net.Sockets;

namespace Refrain.Engine.Tests.Webhooks;

/// <summary>Somebody's program that listens on loopback and answers what the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task listening;

    public Receiver()
    {
        Url = $"http://127.0.0.1:{FreePort()}/hook/";
        listener.Prefixes.Add(Url);
        listener.Start();
        listening = ListenAsync();
    }

    public string Url { get; }
    public HttpStatusCode Answer { get; set; } = HttpStatusCode.NoContent;

    /// <summary>What came, in order.</summary>
    public List<(string Id, string Timestamp, string Signature, string Body)> Received { get; } = [];

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await listening;
    }

    private async Task ListenAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                var headers = context.Request.Headers;
                Received.Add((headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"]!, await reader.ReadToEndAsync()));
                context.Response.StatusCode = (int)Answer;
                context.Response.Close();
            }
            catch (HttpListenerException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
