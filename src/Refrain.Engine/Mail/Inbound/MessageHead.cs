using System.Buffers;

namespace Refrain.Engine.Mail.Inbound;

/// <summary>The first bytes of a message in one rented buffer.</summary>
internal static class MessageHead
{
    public static RentedStream Read(Stream raw, int cap)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        var length = 0;
        while (true)
        {
            var read = raw.Read(buffer, length, Math.Min(buffer.Length, cap) - length);
            length += read;
            if (read == 0 || length >= cap) return new RentedStream(buffer, length);
            if (length == buffer.Length) buffer = Larger(buffer);
        }
    }

    private static byte[] Larger(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 4);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    internal sealed class RentedStream(byte[] buffer, int length) : MemoryStream(buffer, 0, length, writable: false)
    {
        private byte[]? rented = buffer;

        protected override void Dispose(bool disposing)
        {
            if (disposing && rented is not null) ArrayPool<byte>.Shared.Return(rented);
            rented = null;
            base.Dispose(disposing);
        }
    }
}
