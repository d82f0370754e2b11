using System.Buffers.Binary;
using System.Security.Cryptography;
using Refrain.Core;

namespace Refrain.Engine.Mail.Compose;

/// <summary>
/// The Message-ID of a step: the same for every attempt, and computable again by a restored database that has lost the attempt.
/// Without the key nobody can tell from it which run it belongs to, or forge one.
/// </summary>
public static class MessageIds
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Without angle brackets. <paramref name="incarnation"/> counts the definite refusals and bounces after which a person asked for the step again.</summary>
    public static string For(ReadOnlySpan<byte> key, WorkspaceId workspace, EnrollmentId enrollment, StepId step, int incarnation, string senderAddress)
    {
        Span<byte> input = stackalloc byte[52];
        Write(workspace.Value, input);
        Write(enrollment.Value, input[16..]);
        Write(step.Value, input[32..]);
        BinaryPrimitives.WriteInt32BigEndian(input[48..], incarnation);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input, digest);
        return $"{Base32(digest[..20])}@{senderAddress[(senderAddress.LastIndexOf('@') + 1)..]}";
    }

    private static void Write(Guid id, Span<byte> destination)
    {
        if (!id.TryWriteBytes(destination, bigEndian: true, out var _))
            throw new ArgumentException("There is no room for an id.", nameof(destination));
    }

    /// <summary>RFC 4648 section 6, lower case; a multiple of five octets needs no padding.</summary>
    private static string Base32(ReadOnlySpan<byte> octets)
    {
        Span<char> text = stackalloc char[octets.Length / 5 * 8];
        var (bits, held, written) = (0, 0, 0);
        foreach (var octet in octets)
        {
            bits = ((bits << 8) | octet) & 0xFFFF;
            for (held += 8; held >= 5; held -= 5)
                text[written++] = Alphabet[(bits >> (held - 5)) & 31];
        }
        return new string(text);
    }
}
