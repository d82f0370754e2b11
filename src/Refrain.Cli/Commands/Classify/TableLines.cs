using System.Text;
using NodaTime.Text;
using Refrain.Core.Inbound;

namespace Refrain.Cli.Commands.Classify;

/// <summary>A table for people: fixed columns, so that it streams.</summary>
internal sealed class TableLines : IClassifyOutput
{
    private readonly BufferedStream output;

    public TableLines(Stream stream)
    {
        output = new BufferedStream(stream, 64 * 1024);
        Write(Row("class", "cause", "back on", "rule", "file", "recipients"));
    }

    public byte[] Line(string file, InboundVerdict verdict) => Row(
        verdict.Class.WireName(),
        verdict.Cause?.WireName() ?? "",
        verdict.ReturnDate is { } day ? LocalDatePattern.Iso.Format(day) : "",
        verdict.Rule,
        file,
        string.Join(' ', verdict.Recipients.Select(recipient => recipient.Address)));

    public void Write(byte[] line) => output.Write(line);

    public void Dispose() => output.Dispose();

    private static byte[] Row(
        string kind, string cause, string backOn, string rule, string file, string recipients) =>
        Encoding.UTF8.GetBytes($"{kind,-13}  {cause,-8}  {backOn,-10}  {rule,-28}  {file}  {recipients}\n");
}
