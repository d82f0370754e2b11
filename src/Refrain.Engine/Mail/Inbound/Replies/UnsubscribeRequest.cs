using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Replies;

/// <summary>Requests to get no more mail: the mailto form of List-Unsubscribe, one word, or a short sentence of one's own.</summary>
internal static class UnsubscribeRequest
{
    private const int LongestRequest = 600;
    private const int LongestForm = 200;
    private const int LongestBareForm = 24;
    private const int LongestAside = 24;
    private static readonly PhraseFile File = PhraseFile.Read("unsubscribe");
    private static readonly PhraseSet WholeTexts = Plain("whole text");
    private static readonly PhraseSet WholeSentences = Plain("whole sentence");
    private static readonly PhraseSet Requests = new(File["request"].Select(PlainLetters.In), withinClause: true);
    private static readonly PhraseSet AskedOut = new(File["asked out"].Select(PlainLetters.In), withinClause: true);
    private static readonly PhraseSet Denials = Plain("not a request");
    private static readonly PhraseSet FormSubjects = Plain("form subject");
    private static readonly PhraseSet FormBodies = Plain("form body");

    /// <summary>
    /// What mail programs send to a mailto address of List-Unsubscribe, some with <c>Auto-Submitted: auto-replied</c>: hence
    /// before the automatic answers.
    /// </summary>
    public static InboundVerdict? ReadForm(IncomingMail mail)
    {
        var subject = PlainLetters.In(mail.FoldedSubject).Trim(' ', '.', '!');
        if (subject.Length == 0) return null;
        var asks = IsWhole(subject) || (!mail.Answers && HasRequest(subject));
        if (!asks && (FormSubjects.Find(subject, 0) is not { Index: 0 } hit || !IsTokenOrNothing(subject.AsSpan(hit.End)))) return null;
        var text = mail.RequestText;
        if (text.Length > LongestForm || Denials.IsIn(text)) return null;
        var bare = RequestText.Bare(text);
        var says = bare.Length == 0 || FormBodies.IsIn(text) || IsWhole(text);
        return says || (bare.Length <= LongestBareForm && bare.Count(' ') < 3 && !text.Contains('?', StringComparison.Ordinal)) ? new InboundVerdict(InboundClass.Unsubscribe, "unsubscribe.form") : null;
    }

    public static InboundVerdict? Read(IncomingMail mail)
    {
        if (AutomaticSigns.Of(mail).IsAutomatic || mail.IsOfList) return null;
        if (mail.FoldedNewText.Length == 0) return null;
        var text = mail.RequestText;
        if (text.Length is 0 or > LongestRequest || Denials.IsIn(text)) return null;
        if (IsWhole(text) || IsWhole(FirstLine(mail)) || HasSentence(text)) return new InboundVerdict(InboundClass.Unsubscribe, "unsubscribe.word");
        if (HasRequest(text)) return new InboundVerdict(InboundClass.Unsubscribe, "unsubscribe.request");
        return WordsOfRefusal.AreIn(text) ? new InboundVerdict(InboundClass.Unsubscribe, "unsubscribe.words") : null;
    }

    private static PhraseSet Plain(string section) => new(File[section].Select(PlainLetters.In));

    private static bool IsWhole(ReadOnlySpan<char> text) => IsAll(WholeTexts, text);

    private static bool IsAll(PhraseSet phrases, ReadOnlySpan<char> text)
    {
        if (text.Length > LongestForm) return false;
        var given = text.Trim(" .!,;:-\"'()[]*\n\u3002\uff01");
        if (given.Length > 0 && phrases.Find(given, 0) is { Index: 0 } whole && whole.Length == given.Length) return true;
        var bare = RequestText.Bare(text);
        return bare.Length > 0 && phrases.Find(bare, 0) is { Index: 0 } hit && hit.Length == bare.Length;
    }

    private static bool HasSentence(string text)
    {
        if (text.Contains('?', StringComparison.Ordinal)) return false;
        foreach (var sentence in text.AsSpan().SplitAny(Clause.SentenceEnds))
        {
            if (IsAll(WholeSentences, text.AsSpan(sentence))) return true;
        }

        return false;
    }

    private static bool HasRequest(string text)
    {
        // Phrases may ask for the end of a sentence.
        var ended = Clause.SentenceEnds.Contains(text[^1]) ? text : text + ".";
        foreach (var hit in Requests.FindAll(ended))
        {
            if (!Clause.Around(ended, hit).IsNoRequest) return true;
        }

        return AsksOut(ended);
    }

    private static bool AsksOut(string ended)
    {
        if (WordsOfRefusal.WantsAnswer(ended)) return false;
        foreach (var hit in AskedOut.FindAll(ended))
        {
            var clause = Clause.Around(ended, hit);
            if (!clause.IsNoRequest && (clause.IsOnOwnBehalf || clause.Words.Length - hit.Length <= LongestAside)) return true;
        }

        return false;
    }

    /// <summary>The first line, where only a name or a greeting follows it; else nothing.</summary>
    private static string FirstLine(IncomingMail mail)
    {
        var lines = mail.Reply.NewText.Split('\n', 6, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length is < 2 or > 5) return "";
        foreach (var line in lines.AsSpan(1))
        {
            if (line.Length > 40 || line.Contains('?', StringComparison.Ordinal)) return "";
        }

        return PlainLetters.In(Folding.Fold(lines[0]));
    }

    // "unsubscribe", "unsubscribe 3f9a…", "unsubscribe: list", but not "unsubscribe rates for your industry".
    private static bool IsTokenOrNothing(ReadOnlySpan<char> rest)
    {
        var token = rest.Trim(" :-_=#");
        return token.Length == 0 || token.IndexOf(' ') < 0 || token.IndexOfAnyInRange('0', '9') >= 0 && token.Length < 200 && token.Count(' ') < 2;
    }
}
