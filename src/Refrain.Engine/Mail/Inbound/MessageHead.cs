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
            if (read == 0 || length >= cap) return new RentedStream(buffer, AfterEnvelopeLine(buffer.AsSpan(0, length)), length);
            if (length == buffer.Length) buffer = Larger(buffer);
        }
    }

    /// <summary>Mailbox files begin a message with a line "From address date" that is no header.</summary>
    private static int AfterEnvelopeLine(ReadOnlySpan<byte> head) => head.StartsWith("From "u8) ? head.IndexOf((byte)'\n') + 1 : 0;

    private static byte[] Larger(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 4);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    internal sealed class RentedStream(byte[] buffer, int start, int end) : MemoryStream(buffer, start, end - start, writable: false)
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
