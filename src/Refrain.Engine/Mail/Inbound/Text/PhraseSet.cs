using System.Buffers;

namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>Where a phrase stands in a folded text.</summary>
internal readonly record struct PhraseHit(int Index, int Length)
{
    public int End => Index + Length;
}

/// <summary>
/// Many phrases looked for at once, in time linear in the text. In a phrase <c>…</c> stands for up to
/// <see cref="PhrasePiece.WidestGap"/> characters of the same sentence, and a <c>*</c> at the end of a word for any ending of it.
/// Phrases of alphabets begin and end at word boundaries.
/// </summary>
internal sealed class PhraseSet
{
    private static readonly SearchValues<char> Ends = SearchValues.Create(".!?\n\u3002");
    private static readonly SearchValues<char> ClauseEnds = SearchValues.Create(".!?,;\n\u3002");

    // A phrase can only begin where a word begins, so one look at two characters per word settles nearly all of them.
    private readonly ulong[] starts = new ulong[128];
    private readonly Dictionary<int, PhrasePiece[]> byStart;
    private readonly SearchValues<char> gapEnds;

    /// <summary>Makes a set of folded phrases, whose gaps end at a comma too if they are to stay within a clause.</summary>
    public PhraseSet(IEnumerable<string> lines, bool withinClause = false)
    {
        gapEnds = withinClause ? ClauseEnds : Ends;
        var root = PhrasePiece.Tree(lines);
        byStart = root.GroupBy(piece => Key(piece.Text, 0)).ToDictionary(group => group.Key, group => group.ToArray());
        foreach (var key in byStart.Keys) starts[Slot(key)] |= 1UL << (key & 63);
    }

    public bool IsIn(ReadOnlySpan<char> text) => Find(text, 0) is not null;

    public PhraseHit? Find(ReadOnlySpan<char> text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            var c = text[at];
            if (char.IsAsciiLetter(c) && at > 0 && char.IsAsciiLetter(text[at - 1])) continue;
            if (EndAt(text, at) is var end and > 0) return new PhraseHit(at, end - at);
        }

        return null;
    }

    public List<PhraseHit> FindAll(ReadOnlySpan<char> text)
    {
        var hits = new List<PhraseHit>();
        for (var from = 0; Find(text, from) is { } hit; from = hit.End) hits.Add(hit);
        return hits;
    }

    private int EndAt(ReadOnlySpan<char> text, int at)
    {
        var farthest = 0;
        foreach (var key in (ReadOnlySpan<int>)[Key(text, at), text[at]])
        {
            if ((starts[Slot(key)] & (1UL << (key & 63))) == 0 || !byStart.TryGetValue(key, out var candidates)) continue;
            foreach (var piece in candidates) farthest = Math.Max(farthest, piece.EndAt(text, at, gapEnds));
        }

        return farthest;
    }

    /// <summary>The first two characters in one number; a phrase of one character has its own.</summary>
    private static int Key(ReadOnlySpan<char> text, int at) => at + 1 < text.Length ? text[at] | (text[at + 1] << 16) : text[at];

    private static int Slot(int key) => (int)(((uint)key * 2654435769u) >> 25);
}
