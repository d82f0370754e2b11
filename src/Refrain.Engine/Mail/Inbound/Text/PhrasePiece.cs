using System.Buffers;

namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>
/// What stands between two gaps of a phrase. Phrases that begin alike share their beginning: it is compared once for all of them.
/// </summary>
internal sealed class PhrasePiece
{
    public const int WidestGap = 48;
    private const int MostOnStack = 1024;
    private const char Gap = '\u2026';
    private readonly bool open;
    private bool endsPhrase;
    private Continuation? afterGap;
    private Continuation? afterSpace;

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
        var (gaps, spaces) = (new Continuation.Sharing(), new Continuation.Sharing());
        foreach (var piece in lines.Distinct(StringComparer.Ordinal).SelectMany(First))
        {
            if (!firsts.TryGetValue((piece.Text, piece.open), out var first)) firsts[(piece.Text, piece.open)] = first = new PhrasePiece(piece.Text, piece.open);
            first.endsPhrase |= piece.endsPhrase;
            gaps.Add(first, piece.afterGap);
            spaces.Add(first, piece.afterSpace);
        }

        foreach (var (first, joined) in gaps.Joined()) first.afterGap = joined;
        foreach (var (first, joined) in spaces.Joined()) first.afterSpace = joined;
        return [.. firsts.Values];
    }

    // From the end to the beginning, so that all alternatives share what follows them: written out they would be very many.
    private static PhrasePiece[] First(string line)
    {
        Continuation? rest = null;
        var isGap = false;
        foreach (var (part, behindGap) in Parts(line.Trim(Gap, ' ')).Reverse())
        {
            var level = new List<PhrasePiece>();
            var mayEnd = false;
            foreach (var choice in Alternatives(part).Select(Folding.Fold))
            {
                if (choice.Length > 0) level.Add(Chain(choice, rest, isGap));
                else if (rest is not null) level.AddRange(rest.Pieces);
                else mayEnd = true;
            }

            rest = new Continuation([.. level], mayEnd);
            isGap = behindGap;
        }

        return rest?.Pieces ?? [];
    }

    /// <summary>The line cut at its gaps and before its alternatives, but not within them, and whether a gap stands before the part.</summary>
    private static IEnumerable<(string Part, bool BehindGap)> Parts(string line)
    {
        var (start, inside, behindGap) = (0, false, false);
        for (var at = 0; at < line.Length; at++)
        {
            inside = line[at] == '{' || (inside && line[at] != '}');
            var gap = line[at] == Gap;
            if (inside ? line[at] != '{' || at < 2 || line[at - 1] != ' ' || at - 1 <= start : !gap) continue;
            var part = line[start..(gap ? at : at - 1)];
            if (part.AsSpan().Trim().Length > 0) yield return (part, behindGap);
            if (gap || part.AsSpan().Trim().Length > 0) behindGap = gap;
            start = gap ? at + 1 : at;
        }

        yield return (line[start..], behindGap);
    }

    private static IEnumerable<string> Alternatives(string line)
    {
        var brace = line.IndexOf('{', StringComparison.Ordinal);
        if (brace < 0) return [line];
        var close = line.IndexOf('}', brace);
        if (close < 0 || line.IndexOf('{', brace + 1) is var inner && inner > 0 && inner < close) throw new FormatException($"The alternatives of the phrase '{line}' are not closed, or lie within others.");
        var rests = Alternatives(line[(close + 1)..]).ToList();
        return line[(brace + 1)..close].Split('|').SelectMany(choice => rests.Select(rest => line[..brace] + choice + rest));
    }

    // After a word of open end in the middle, what follows it is the next piece.
    private static PhrasePiece Chain(string phrase, Continuation? rest, bool isGap)
    {
        var pieces = phrase.Replace("* ", "*\u2026", StringComparison.Ordinal).Split(Gap, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var first = Of(pieces[^1]);
        first.endsPhrase = rest is null || rest.MayBeMissing;
        if (isGap || first.open) first.afterGap = rest;
        else first.afterSpace = rest;
        foreach (var piece in pieces.SkipLast(1).Reverse())
        {
            var before = Of(piece);
            before.afterGap = new Continuation([first], false);
            first = before;
        }

        return first;
    }

    private static PhrasePiece Of(string piece) => new(piece.TrimEnd('*'), piece[^1] == '*');

    /// <summary>Where the longest phrase ends that begins there with one of the pieces; 0 if there is none.</summary>
    public static int Farthest(PieceIndex pieces, ReadOnlySpan<char> text, int at, SearchValues<char> gapEnds) => Farthest(pieces, text, at, [], gapEnds);

    private static int Farthest(PieceIndex pieces, ReadOnlySpan<char> text, int at, Span<bool> found, SearchValues<char> gapEnds)
    {
        var farthest = 0;
        if (IsInsideWord(text, at)) return farthest;
        var end = at;
        for (var node = pieces.At(text, at); node is not null; node = end < text.Length ? node.Next(text[end++]) : null)
        {
            if (node.Only is { } only)
            {
                if (!text[end..].StartsWith(only, StringComparison.Ordinal)) break;
                end += only.Length;
            }

            foreach (var (piece, ordinal) in node.Ends)
            {
                if ((found.Length > 0 && found[ordinal]) || (!piece.open && IsInsideWord(text, end))) continue;
                if (found.Length > 0) found[ordinal] = true;
                farthest = Math.Max(farthest, piece.Farthest(text, end, gapEnds));
            }
        }

        return farthest;
    }

    private int Farthest(ReadOnlySpan<char> text, int end, SearchValues<char> gapEnds)
    {
        var farthest = endsPhrase ? end : 0;
        if (afterSpace is not null && end + 1 < text.Length && text[end] == ' ') farthest = Math.Max(farthest, Farthest(afterSpace.Index, text, end + 1, [], gapEnds));
        if (afterGap is null) return farthest;

        // Of each piece the first place counts, so that text full of them costs no more than its length.
        Span<bool> found = afterGap.Count <= MostOnStack ? stackalloc bool[afterGap.Count] : new bool[afterGap.Count];
        var last = Math.Min(text.Length - 1, end + WidestGap);
        for (var at = end; at <= last && !(at > end && gapEnds.Contains(text[at - 1]) && EndsSentence(text, at - 1, end)); at++)
        {
            farthest = Math.Max(farthest, Farthest(afterGap.Index, text, at, found, gapEnds));
        }

        return farthest;
    }

    private static bool IsInsideWord(ReadOnlySpan<char> text, int at) => at > 0 && at < text.Length && Joins(text[at - 1], text[at]);

    // "5.1.1", "02.01." and "1,5" are no ends; ". " is, and so is a comma of those who write without spaces.
    private static bool EndsSentence(ReadOnlySpan<char> text, int stop, int gap) =>
        text[stop] is '\n' or '!' or '?' or '\u3002'
        || (stop + 1 < text.Length && text[stop + 1] == ' ' && (stop == gap || !char.IsAsciiDigit(text[stop - 1])))
        || (stop + 1 < text.Length && text[stop] == ',' && IsUnspaced(text[stop + 1]));

    private static bool Joins(char left, char right) =>
        char.IsLetterOrDigit(left) && char.IsLetterOrDigit(right) && !IsUnspaced(left) && !IsUnspaced(right)
        && char.IsLetter(left) == char.IsLetter(right);

    /// <summary>Scripts that write words without spaces, or glue particles to them.</summary>
    private static bool IsUnspaced(char c) => c is >= '\u2e80' and <= '\u9fff' or >= '\uac00' and <= '\ud7af' or >= '\uf900' and <= '\ufaff';
}
