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

    private readonly PieceIndex first;
    private readonly SearchValues<char> gapEnds;

    /// <summary>Makes a set of folded phrases, whose gaps end at a comma too if they are to stay within a clause.</summary>
    public PhraseSet(IEnumerable<string> lines, bool withinClause = false)
    {
        gapEnds = withinClause ? ClauseEnds : Ends;
        first = new PieceIndex(PhrasePiece.Tree(lines));
    }

    public bool IsIn(ReadOnlySpan<char> text) => Find(text, 0) is not null;

    public PhraseHit? Find(ReadOnlySpan<char> text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            var c = text[at];
            if (char.IsAsciiLetter(c) && at > 0 && char.IsAsciiLetter(text[at - 1])) continue;
            if (PhrasePiece.Farthest(first, text, at, gapEnds) is var end and > 0) return new PhraseHit(at, end - at);
        }

        return null;
    }

    public List<PhraseHit> FindAll(ReadOnlySpan<char> text)
    {
        var hits = new List<PhraseHit>();
        for (var from = 0; Find(text, from) is { } hit; from = hit.End) hits.Add(hit);
        return hits;
    }
}
