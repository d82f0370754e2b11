using System.Text;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Replies;

/// <summary>
/// What a writer says, without greeting, closing and the words of others that he repeats in quotation marks; folded, without accents,
/// and with the long words of asking out spelt right.
/// </summary>
internal static class RequestText
{
    private const int LongestGreeting = 40;
    private const int LongestClosing = 60;
    private const int MostNames = 4;
    private const int MostOfALetter = 4000;
    private static readonly PhraseFile File = PhraseFile.Read("unsubscribe-frame");
    private static readonly PhraseSet Greetings = new(File["greeting"].Select(PlainLetters.In));
    private static readonly PhraseSet Closings = new(File["closing"].Select(PlainLetters.In));
    private static readonly PhraseSet Politeness = new(File["politeness"].Select(PlainLetters.In));
    private static readonly PhraseSet Things = new(File["spoken of as a thing"].Select(PlainLetters.In));
    private static readonly PhraseSet Abbreviations = new(File["abbreviated"].Select(PlainLetters.In));
    private static readonly Misspellings Misspelt = new(File["often misspelt"].Select(PlainLetters.In).ToList(), File["spelt alike"].Select(PlainLetters.In).ToList());

    public static string Of(string newText)
    {
        var kept = new StringBuilder();
        var greeted = false;
        var beginning = newText.Length > MostOfALetter ? newText[..MostOfALetter] : newText;
        foreach (var line in beginning.Split('\n'))
        {
            var plain = PlainLetters.In(Folding.Fold(line));
            if (kept.Length == 0 && plain.Length == 0) continue;
            if (kept.Length == 0 && !greeted && (greeted = IsFrame(Greetings, plain, LongestGreeting))) continue;
            if (kept.Length > 0 && IsFrame(Closings, plain, LongestClosing)) break;
            kept.Append(line).Append('\n');
        }

        var said = kept.Length > 0 ? kept.ToString() : beginning;
        return WithoutNames(Misspelt.Mend(WithoutQuotedWords(WithoutAbbreviations(WithoutDrawl(PlainLetters.In(Folding.Fold(said.TrimEnd())))))));
    }

    /// <summary>What is left without "please", "thanks" and their like, and without saying it twice.</summary>
    public static string Bare(ReadOnlySpan<char> text)
    {
        var left = new StringBuilder();
        var from = 0;
        while (Politeness.Find(text, from) is { } hit)
        {
            left.Append(text[from..hit.Index]).Append(' ');
            from = hit.End;
        }

        left.Append(text[from..]);
        var words = left.ToString().Split([' ', '\n', '.', ',', '!', ';', ':', '(', ')', '*', '\u3002', '\u3001', '\uff0c', '\u2026', '-', '"', '\''], StringSplitOptions.RemoveEmptyEntries);
        words = Array.FindAll(words, word => !word.Contains('@', StringComparison.Ordinal));
        return string.Join(' ', words.Length is > 1 and < 8 && words.Distinct().Count() == 1 ? words[..1] : words);
    }

    /// <summary>Whether the folded words only greet somebody.</summary>
    public static bool IsGreeting(ReadOnlySpan<char> folded) => IsFrame(Greetings, PlainLetters.In(folded.ToString()), LongestGreeting);

    /// <summary>A line that is nothing but the phrase and perhaps a name.</summary>
    private static bool IsFrame(PhraseSet phrases, string plain, int longest)
    {
        if (plain.Length == 0 || plain.Length > longest || phrases.Find(plain, 0) is not { Index: 0 } hit) return false;
        var name = plain.AsSpan(hit.End).Trim(" ,.!:;\u3002\uff0c-");
        return name.Count(' ') < MostNames && !name.ContainsAny(',', '!', '?');
    }

    /// <summary>"pleeease" and "stoppp" with each letter once.</summary>
    private static string WithoutDrawl(string text)
    {
        var left = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length;)
        {
            var end = index + 1;
            while (end < text.Length && text[end] == text[index]) end++;
            left.Append(text[index], end - index > 2 && char.IsLetter(text[index]) ? 1 : end - index);
            index = end;
        }

        return left.ToString();
    }

    private static string WithoutAbbreviations(string text)
    {
        for (var from = 0; Abbreviations.Find(text, from) is { } hit; from = hit.End - 1) text = text.Remove(hit.End - 1, 1);
        return text;
    }

    /// <summary>Without the unsubscribe link and its like, of which one speaks as of a thing.</summary>
    private static string WithoutNames(string text)
    {
        while (Things.Find(text, 0) is { } hit) text = text[..hit.Index] + text[hit.End..];
        return text;
    }

    private static string WithoutQuotedWords(string text) => WithoutQuotedWords(WithoutQuotedWords(text, '"'), '\'');

    private static string WithoutQuotedWords(string text, char mark)
    {
        for (var from = 0; text.IndexOf(mark, from) is var open and >= 0; from = open + 2)
        {
            var close = text.IndexOf(mark, open + 1);
            while (mark == '\'' && close > 0 && IsApostrophe(text, close)) close = text.IndexOf(mark, close + 1);
            if (close < 0) break;
            if (close - open + 3 >= text.Length || (mark == '\'' && open > 0 && char.IsLetterOrDigit(text[open - 1]))) continue;
            text = text.Remove(open + 1, close - open - 1);
        }

        return text;
    }

    private static bool IsApostrophe(string text, int at) => at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]);
}
