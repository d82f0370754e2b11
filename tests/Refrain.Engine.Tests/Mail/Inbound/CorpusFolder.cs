using Refrain.Core.Inbound;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Mail.Inbound;

/// <summary>The messages in <c>Mail/Corpus</c> and what <c>expected.tsv</c> beside them says of each.</summary>
internal static class CorpusFolder
{
    public static string Path { get; } = System.IO.Path.Combine(SolutionFolder.Path, "tests", "Refrain.Engine.Tests", "Mail", "Corpus");

    public static IReadOnlyList<Expectation> Expectations { get; } =
        [.. File.ReadLines(System.IO.Path.Combine(Path, "expected.tsv")).Where(line => !line.StartsWith('#')).Select(Expectation.Parse)];

    public static byte[] Bytes(string file) => File.ReadAllBytes(System.IO.Path.Combine(Path, file));
}

/// <summary>Empty texts say nothing. A return date is a day, <c>a..b</c>, or with <c>?</c> in front also none.</summary>
internal sealed record Expectation(
    string File, IReadOnlyList<string> Classes, string Cause, string ReturnDate, IReadOnlyList<string> Recipients, string Status, string OriginalMessageId, string Successor)
{
    public static Expectation Parse(string line)
    {
        var cells = line.Split('\t');
        return new(cells[0], cells[1].Split('|'), cells[2], cells[3], cells[4].Split(' ', StringSplitOptions.RemoveEmptyEntries), cells[5], cells[6], cells[7]);
    }

    public bool Allows(NodaTime.LocalDate? day)
    {
        var stated = ReturnDate.TrimStart('?');
        if (day is not { } known) return stated.Length == 0 || ReturnDate.StartsWith('?');
        var ends = stated.Split("..");
        var text = NodaTime.Text.LocalDatePattern.Iso.Format(known);
        return stated.Length > 0 && string.CompareOrdinal(ends[0], text) <= 0 && string.CompareOrdinal(text, ends[^1]) <= 0;
    }

    public bool IsReport => Classes.Any(name => name is "hard_bounce" or "soft_bounce" or "delayed" or "complaint");

    public bool IsAbsence => Classes[0] == InboundClass.OutOfOffice.WireName();
}
