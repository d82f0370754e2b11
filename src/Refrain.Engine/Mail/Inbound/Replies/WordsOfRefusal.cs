using System.Buffers;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Replies;

/// <summary>
/// Requests in words that no list of sentences foresaw: a clause in which certain words stand together in any order, such as the
/// writer, taking out and a list; or not, more and mail. Questions ask for something else.
/// </summary>
internal static class WordsOfRefusal
{
    // Who says it in passing, in a letter, is writing about something else.
    private const int LongestClause = 140;
    private static readonly SearchValues<char> Ends = SearchValues.Create(".!?,;:\n\u3002\u3001\uff0c");
    private static readonly PhraseFile File = PhraseFile.Read("unsubscribe-words");
    private static readonly PhraseSet[][] Together =
    [
        Sets("me", "take out", "list"),
        Sets("not", "more", "mail"),
        Sets("cease", "mail"),
        Sets("take out", "personal data"),
        Sets("not", "wish", "get", "mail"),
        Sets("not", "wish", "more", "these"),
        Sets("object", "advertising"),
    ];

    public static bool AreIn(string plain)
    {
        foreach (var range in plain.AsSpan().SplitAny(Ends))
        {
            var start = range.Start.Value;
            var length = range.End.Value - start;
            if (length is 0 or > LongestClause) continue;
            var clause = Clause.Around(plain, new PhraseHit(start, length));
            if (!clause.Asks && Array.Exists(Together, Has(clause.Words.ToString())) && !clause.IsNoRequest) return true;
        }

        return false;
    }

    private static Predicate<PhraseSet[]> Has(string clause) => sets => Array.TrueForAll(sets, set => set.IsIn(clause));

    private static PhraseSet[] Sets(params ReadOnlySpan<string> sections)
    {
        var sets = new PhraseSet[sections.Length];
        for (var index = 0; index < sets.Length; index++) sets[index] = new PhraseSet(File[sections[index]].Select(PlainLetters.In));
        return sets;
    }
}
