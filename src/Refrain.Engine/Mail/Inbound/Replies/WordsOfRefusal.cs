using System.Buffers;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Replies;

/// <summary>
/// Requests in words that no list of sentences foresaw: a clause that speaks of the writer, of taking out and of a list, or one
/// that denies any more mail. Questions ask for something else.
/// </summary>
internal static class WordsOfRefusal
{
    // Who says it in passing, in a letter, is writing about something else.
    private const int LongestClause = 140;
    private static readonly SearchValues<char> Ends = SearchValues.Create(".!?,;:\n\u3002\u3001\uff0c");
    private static readonly PhraseFile File = PhraseFile.Read("unsubscribe-words");
    private static readonly PhraseSet[] OutOfTheList = [new(File["me"]), new(File["take out"]), new(File["list"])];
    private static readonly PhraseSet[] NoMoreMail = [new(File["not"]), new(File["more"]), new(File["mail"])];

    public static bool AreIn(string folded)
    {
        foreach (var range in folded.AsSpan().SplitAny(Ends))
        {
            var clause = folded.AsSpan(range);
            var asks = range.End.Value < folded.Length && folded[range.End.Value] == '?';
            if (!asks && clause.Length <= LongestClause && (HasAll(OutOfTheList, clause) || HasAll(NoMoreMail, clause))) return true;
        }

        return false;
    }

    private static bool HasAll(PhraseSet[] sets, ReadOnlySpan<char> clause)
    {
        foreach (var set in sets)
        {
            if (!set.IsIn(clause)) return false;
        }

        return true;
    }
}
