using System.Buffers;

namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>Where a phrase stands in a folded text.</summary>
internal readonly record struct PhraseHit(int Index, int Length)
{
    public int End => Index + Length;
}

/// <summary>
/// Many phrases looked for at once, in time linear in the text. In a phrase <c>…</c> stands for up to
/// <see cref="WidestGap"/> characters of the same sentence, and a <c>*</c> at the end of a word for any ending of it.
/// Phrases of alphabets begin and end at word boundaries.
/// </summary>
internal sealed class PhraseSet
{
    public const int WidestGap = 48;

    private static readonly SearchValues<char> Ends = SearchValues.Create(".!?\n\u3002");
    private static readonly SearchValues<char> ClauseEnds = SearchValues.Create(".!?,;\n\u3002");

    // A phrase can only begin where a word begins, so one look at two characters per word settles nearly all of them.
    private readonly ulong[] starts = new ulong[128];
    private readonly Dictionary<int, Phrase[]> byStart;

    /// <summary>Makes a set of folded phrases, whose gaps end at a comma too if they are to stay within a clause.</summary>
    public PhraseSet(IEnumerable<string> lines, bool withinClause = false)
    {
        var phrases = lines.Distinct(StringComparer.Ordinal).Select(line => Phrase.Parse(line, withinClause ? ClauseEnds : Ends));
        byStart = phrases.GroupBy(phrase => Key(phrase.Pieces[0], 0)).ToDictionary(group => group.Key, group => group.ToArray());
        foreach (var key in byStart.Keys) starts[Slot(key)] |= 1UL << (key & 63);
    }

    public bool IsIn(ReadOnlySpan<char> text) => Find(text, 0) is not null;

    public PhraseHit? Find(ReadOnlySpan<char> text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            var c = text[at];
            if (char.IsAsciiLetter(c) && at > 0 && char.IsAsciiLetter(text[at - 1])) continue;
            if (LengthAt(text, at) is var length and > 0) return new PhraseHit(at, length);
        }

        return null;
    }

    public List<PhraseHit> FindAll(ReadOnlySpan<char> text)
    {
        var hits = new List<PhraseHit>();
        for (var from = 0; Find(text, from) is { } hit; from = hit.End) hits.Add(hit);
        return hits;
    }

    private int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var longest = 0;
        foreach (var key in (ReadOnlySpan<int>)[Key(text, at), text[at]])
        {
            if ((starts[Slot(key)] & (1UL << (key & 63))) == 0 || !byStart.TryGetValue(key, out var candidates)) continue;
            foreach (var phrase in candidates) longest = Math.Max(longest, phrase.LengthAt(text, at));
        }

        return longest;
    }

    /// <summary>The first two characters in one number; a phrase of one character has its own.</summary>
    private static int Key(ReadOnlySpan<char> text, int at) => at + 1 < text.Length ? text[at] | (text[at + 1] << 16) : text[at];

    private static int Slot(int key) => (int)(((uint)key * 2654435769u) >> 25);

    private sealed record Phrase(string[] Pieces, bool[] Open, SearchValues<char> GapEnds)
    {
        public static Phrase Parse(string line, SearchValues<char> gapEnds)
        {
            // A word of open end in the middle: what follows it is the next piece.
            var pieces = line.Replace("* ", "*\u2026", StringComparison.Ordinal).Split('\u2026', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new Phrase(Array.ConvertAll(pieces, piece => piece.TrimEnd('*')), Array.ConvertAll(pieces, piece => piece[^1] == '*'), gapEnds);
        }

        public int LengthAt(ReadOnlySpan<char> text, int at)
        {
            if (!text[at..].StartsWith(Pieces[0], StringComparison.Ordinal)) return 0;
            if (at > 0 && Joins(text[at - 1], Pieces[0][0])) return 0;
            var end = at + Pieces[0].Length;
            if (!Open[0] && IsInsideWord(text, end)) return 0;
            for (var index = 1; index < Pieces.Length; index++)
            {
                end = EndOfNext(text, end, Pieces[index], Open[index]);
                if (end < 0) return 0;
            }

            return end - at;
        }

        private int EndOfNext(ReadOnlySpan<char> text, int from, string piece, bool mayGoOn)
        {
            var window = text[from..Math.Min(text.Length, from + WidestGap + piece.Length)];
            for (var at = 0; window[at..].IndexOf(piece, StringComparison.Ordinal) is var next and >= 0; at++)
            {
                at += next;
                if (IsInsideWord(text, from + at) || (!mayGoOn && IsInsideWord(text, from + at + piece.Length))) continue;
                return window[..at].IndexOfAny(GapEnds) is var stop and >= 0 && EndsSentence(window, stop) ? -1 : from + at + piece.Length;
            }

            return -1;
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
}
