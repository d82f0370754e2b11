using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime.Text;
using Refrain.Core.Inbound;

namespace Refrain.Cli.Commands.Classify;

/// <summary>One JSON object a line; outside programs rely on the names of its members.</summary>
internal sealed class JsonLines(Stream stream) : IClassifyOutput
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly BufferedStream output = new(stream, 64 * 1024);

    public byte[] Line(string file, InboundVerdict verdict)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options)) Write(json, file, verdict);
        var line = new byte[buffer.WrittenCount + 1];
        buffer.WrittenSpan.CopyTo(line);
        line[^1] = (byte)'\n';
        return line;
    }

    public void Write(byte[] line) => output.Write(line);

    public void Dispose() => output.Dispose();

    private static void Write(Utf8JsonWriter json, string file, InboundVerdict verdict)
    {
        json.WriteStartObject();
        json.WriteString("file", file);
        json.WriteString("class", verdict.Class.WireName());
        json.WriteString("cause", verdict.Cause?.WireName());
        json.WriteString("returnDate", verdict.ReturnDate is { } day ? LocalDatePattern.Iso.Format(day) : null);
        json.WriteStartArray("recipients");
        foreach (var recipient in verdict.Recipients) json.WriteStringValue(recipient.Address);
        json.WriteEndArray();
        json.WriteStartArray("perRecipient");
        foreach (var recipient in verdict.Recipients) Write(json, recipient);
        json.WriteEndArray();
        json.WriteString("status", verdict.Status);
        json.WriteString("originalMessageId", verdict.OriginalMessageId);
        json.WriteString("rule", verdict.Rule);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FailedRecipient recipient)
    {
        json.WriteStartObject();
        json.WriteString("address", recipient.Address);
        json.WriteString("action", recipient.Action);
        json.WriteString("status", recipient.Status);
        json.WriteString("class", recipient.Class.WireName());
        json.WriteEndObject();
    }
}
