using System.Buffers;

namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>
/// What stands between two gaps of a phrase. Phrases that begin alike share their beginning: it is compared once for all of them.
/// </summary>
internal sealed class PhrasePiece
{
    public const int WidestGap = 48;
    private const char Gap = '\u2026';
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
    public static PhrasePiece[] Tree(IEnumerable<string> lines)
    {
        var firsts = new Dictionary<(string, bool), PhrasePiece>();
        foreach (var piece in lines.Distinct(StringComparer.Ordinal).SelectMany(First))
        {
            if (!firsts.TryGetValue((piece.Text, piece.open), out var first)) firsts[(piece.Text, piece.open)] = first = new PhrasePiece(piece.Text, piece.open);
            first.endsPhrase |= piece.endsPhrase;
            first.next = [.. first.next, .. piece.next];
        }

        return [.. firsts.Values];
    }

    /// <summary>Where the longest phrase ends that begins here with this piece; 0 if there is none.</summary>
    public int EndAt(ReadOnlySpan<char> text, int at, SearchValues<char> gapEnds)
    {
        if (!text[at..].StartsWith(Text, StringComparison.Ordinal)) return 0;
        if (at > 0 && Joins(text[at - 1], Text[0])) return 0;
        var end = at + Text.Length;
        return !open && IsInsideWord(text, end) ? 0 : Farthest(text, end, gapEnds);
    }

    // From the end to the beginning, so that all alternatives share what follows them: written out they would be very many.
    private static PhrasePiece[] First(string line)
    {
        PhrasePiece[]? rest = null;
        foreach (var part in Parts(line.Trim(Gap, ' ')).Reverse())
        {
            var level = new List<PhrasePiece>();
            foreach (var choice in Alternatives(part).Select(Folding.Fold))
            {
                if (choice.Length > 0) level.Add(Chain(choice, rest));
                else if (rest is not null) level.AddRange(rest);
            }

            rest = [.. level];
        }

        return rest ?? [];
    }

    /// <summary>The line cut at its gaps, but not at those within alternatives.</summary>
    private static IEnumerable<string> Parts(string line)
    {
        var start = 0;
        var inside = false;
        for (var at = 0; at < line.Length; at++)
        {
            inside = line[at] == '{' || (inside && line[at] != '}');
            if (inside || line[at] != Gap) continue;
            yield return line[start..at];
            start = at + 1;
        }

        yield return line[start..];
    }

    private static IEnumerable<string> Alternatives(string line)
    {
        var brace = line.IndexOf('{', StringComparison.Ordinal);
        if (brace < 0) return [line];
        var close = line.IndexOf('}', brace);
        var rests = Alternatives(line[(close + 1)..]).ToList();
        return line[(brace + 1)..close].Split('|').SelectMany(choice => rests.Select(rest => line[..brace] + choice + rest));
    }

    // After a word of open end in the middle, what follows it is the next piece.
    private static PhrasePiece Chain(string phrase, PhrasePiece[]? rest)
    {
        var pieces = phrase.Replace("* ", "*\u2026", StringComparison.Ordinal).Split(Gap, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var first = Of(pieces[^1]);
        first.endsPhrase = rest is null;
        first.next = rest ?? [];
        foreach (var piece in pieces.SkipLast(1).Reverse())
        {
            var before = Of(piece);
            before.next = [first];
            first = before;
        }

        return first;
    }

    private static PhrasePiece Of(string piece) => new(piece.TrimEnd('*'), piece[^1] == '*');

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

    // "5.1.1", "02.01." and "1,5" are no ends; ". " is, and so is a comma of those who write without spaces.
    private static bool EndsSentence(ReadOnlySpan<char> window, int stop) =>
        window[stop] is '\n' or '!' or '?' or '\u3002'
        || (stop + 1 < window.Length && window[stop + 1] == ' ' && (stop == 0 || !char.IsAsciiDigit(window[stop - 1])))
        || (stop + 1 < window.Length && window[stop] == ',' && IsUnspaced(window[stop + 1]));

    private static bool Joins(char left, char right) =>
        char.IsLetterOrDigit(left) && char.IsLetterOrDigit(right) && !IsUnspaced(left) && !IsUnspaced(right)
        && char.IsLetter(left) == char.IsLetter(right);

    /// <summary>Scripts that write words without spaces, or glue particles to them.</summary>
    private static bool IsUnspaced(char c) => c is >= '\u2e80' and <= '\u9fff' or >= '\uac00' and <= '\ud7af' or >= '\uf900' and <= '\ufaff';
}
