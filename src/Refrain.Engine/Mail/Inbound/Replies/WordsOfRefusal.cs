using System.Buffers;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Replies;

/// <summary>
/// Requests in words that no list of sentences foresaw: a clause in which certain words stand together in any order, such as the
/// writer, taking out and a list; or not, more and mail. A question asks for something else, unless the writer asks it for himself.
/// </summary>
internal static class WordsOfRefusal
{
    // Who says it in passing, in a letter, is writing about something else.
    private const int LongestClause = 140;
    private static readonly SearchValues<char> Ends = SearchValues.Create(".!?,;:\n\u3002\u3001\uff0c");
    private static readonly PhraseFile File = PhraseFile.Read("unsubscribe-words");
    private static readonly Dictionary<string, PhraseSet> BySection = new(StringComparer.Ordinal);
    private static readonly PhraseSet Writer = Section("me");
    private static readonly PhraseSet TakingOut = Section("take out");
    private static readonly PhraseSet YourList = Section("your list");
    private static readonly PhraseSet[][] Together =
    [
        Sets("not", "more", "mail"),
        Sets("cease", "mail"),
        Sets("take out", "your list"),
        Sets("take out", "personal data"),
        Sets("not", "wish", "get", "mail"),
        Sets("not", "wish", "more", "these"),
        Sets("object", "advertising"),
    ];

    private static readonly PhraseSet[][] TogetherInQuestionsToo =
    [
        Sets("me", "take out", "list"),
        Sets("my address", "take out"),
        Sets("me", "cease", "mail"),
    ];

    public static bool AreIn(string plain)
    {
        if (WantsAnswer(plain)) return false;
        foreach (var range in plain.AsSpan().SplitAny(Ends))
        {
            var start = range.Start.Value;
            var length = range.End.Value - start;
            if (length is 0 or > LongestClause) continue;
            var clause = Clause.Around(plain, new PhraseHit(start, length));
            var has = Has(clause.Words.ToString());
            if ((Array.Exists(TogetherInQuestionsToo, has) || (!clause.Asks && Array.Exists(Together, has))) && !clause.IsNoRequest) return true;
        }

        return false;
    }

    public static bool TakesOut(ReadOnlySpan<char> clause) => TakingOut.IsIn(clause);

    public static bool NamesYourList(ReadOnlySpan<char> clause) => YourList.IsIn(clause);

    public static bool WantsAnswer(string plain) => Clause.WantsAnswer(plain, Writer);

    private static Predicate<PhraseSet[]> Has(string clause) => sets => Array.TrueForAll(sets, set => set.IsIn(clause));

    private static PhraseSet[] Sets(params ReadOnlySpan<string> sections)
    {
        var sets = new PhraseSet[sections.Length];
        for (var index = 0; index < sets.Length; index++) sets[index] = Section(sections[index]);
        return sets;
    }

    private static PhraseSet Section(string name) =>
        BySection.TryGetValue(name, out var known) ? known : BySection[name] = new PhraseSet(File[name].Select(PlainLetters.In));
}
