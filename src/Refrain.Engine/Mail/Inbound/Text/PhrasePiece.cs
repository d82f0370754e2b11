using System.Buffers;

namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>
/// What stands between two gaps of a phrase. Phrases that begin alike share their beginning: it is compared once for all of them.
/// </summary>
internal sealed class PhrasePiece
{
    public const int WidestGap = 48;
    private readonly bool open;
    private bool endsPhrase;
    private PhrasePiece[] next = [];

    private PhrasePiece(string text, bool open)
    {
        Text = text;
        this.open = open;
    }

    public string Text { get; }

    /// <summary>The first pieces of these phrases, with all that may follow them.</summary>
    public static PhrasePiece[] Tree(IEnumerable<string> lines) => Level(lines.Distinct(StringComparer.Ordinal).Select(Pieces).ToList(), 0);

    /// <summary>Where the longest phrase ends that begins here with this piece; 0 if there is none.</summary>
    public int EndAt(ReadOnlySpan<char> text, int at, SearchValues<char> gapEnds)
    {
        if (!text[at..].StartsWith(Text, StringComparison.Ordinal)) return 0;
        if (at > 0 && Joins(text[at - 1], Text[0])) return 0;
        var end = at + Text.Length;
        return !open && IsInsideWord(text, end) ? 0 : Farthest(text, end, gapEnds);
    }

    private static PhrasePiece[] Level(List<string[]> phrases, int depth)
    {
        var pieces = new List<PhrasePiece>();
        foreach (var group in phrases.GroupBy(phrase => phrase[depth], StringComparer.Ordinal))
        {
            var longer = group.Where(phrase => phrase.Length > depth + 1).ToList();
            pieces.Add(new PhrasePiece(group.Key.TrimEnd('*'), group.Key[^1] == '*') { endsPhrase = longer.Count < group.Count(), next = longer.Count > 0 ? Level(longer, depth + 1) : [] });
        }

        return [.. pieces];
    }

    // After a word of open end in the middle, what follows it is the next piece.
    private static string[] Pieces(string line) =>
        line.Replace("* ", "*\u2026", StringComparison.Ordinal).Split('\u2026', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private int Farthest(ReadOnlySpan<char> text, int end, SearchValues<char> gapEnds)
    {
        var farthest = endsPhrase ? end : 0;
        foreach (var piece in next)
        {
            if (piece.EndAfterGap(text, end, gapEnds) is var pieceEnd and > 0) farthest = Math.Max(farthest, piece.Farthest(text, pieceEnd, gapEnds));
        }

        return farthest;
    }

    private int EndAfterGap(ReadOnlySpan<char> text, int from, SearchValues<char> gapEnds)
    {
        var window = text[from..Math.Min(text.Length, from + WidestGap + Text.Length)];
        for (var at = 0; window[at..].IndexOf(Text, StringComparison.Ordinal) is var next and >= 0; at++)
        {
            at += next;
            if (IsInsideWord(text, from + at) || (!open && IsInsideWord(text, from + at + Text.Length))) continue;
            return window[..at].IndexOfAny(gapEnds) is var stop and >= 0 && EndsSentence(window, stop) ? 0 : from + at + Text.Length;
        }

        return 0;
    }

    private static bool IsInsideWord(ReadOnlySpan<char> text, int at) => at > 0 && at < text.Length && Joins(text[at - 1], text[at]);

    // "5.1.1" and "02.01." are no ends of sentences; ". " is.
    private static bool EndsSentence(ReadOnlySpan<char> window, int stop) =>
        window[stop] is '\n' or '!' or '?' or '\u3002' || (stop + 1 < window.Length && window[stop + 1] == ' ' && (stop == 0 || !char.IsAsciiDigit(window[stop - 1])));

    private static bool Joins(char left, char right) =>
        char.IsLetterOrDigit(left) && char.IsLetterOrDigit(right) && !IsUnspaced(left) && !IsUnspaced(right)
        && char.IsLetter(left) == char.IsLetter(right);

    /// <summary>Scripts that write words without spaces, or glue particles to them.</summary>
    private static bool IsUnspaced(char c) => c is >= '\u2e80' and <= '\u9fff' or >= '\uac00' and <= '\ud7af' or >= '\uf900' and <= '\ufaff';
}
