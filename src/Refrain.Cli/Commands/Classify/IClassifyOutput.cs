using Refrain.Core.Inbound;

namespace Refrain.Cli.Commands.Classify;

/// <summary>How verdicts are printed. Lines are made by many threads at once and written by one.</summary>
internal interface IClassifyOutput : IDisposable
{
    byte[] Line(string file, InboundVerdict verdict);

    void Write(byte[] line);
}
