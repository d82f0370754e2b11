using System.Net;
using System.Net.Sockets;

namespace Refrain.EndToEnd.Tests.Running;

/// <summary>Ports of loopback that nothing listens on, below those that the kernel gives to outgoing connections; each is given once in a run.</summary>
internal static class FreePorts
{
    private static int last = 10_000 + (Environment.ProcessId * 7 % 1_500);

    public static int Next()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref last);
            if (IsFree(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
