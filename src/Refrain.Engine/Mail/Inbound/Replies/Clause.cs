using System.Buffers;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Replies;

/// <summary>
/// A stretch of a sentence with what stands around it. What it asks for is no request to get no more mail if it is denied, limited,
/// told of somebody else, or asked in general.
/// </summary>
internal readonly ref struct Clause(ReadOnlySpan<char> words, ReadOnlySpan<char> sentence, bool asks)
{
    public static readonly SearchValues<char> SentenceEnds = SearchValues.Create(".!?\n\u3002");
    private static readonly SearchValues<char> Ends = SearchValues.Create(".!?,;:\n\u3002\u3001\uff0c");
    private static readonly PhraseFile File = PhraseFile.Read("unsubscribe-context");
    private static readonly PhraseSet Denied = Plain("denied in the clause");
    private static readonly PhraseSet Told = Plain("told in the sentence");
    private static readonly PhraseSet Asked = Plain("asked in general");
    private static readonly PhraseSet Annoyed = Plain("asked in anger");
    private static readonly PhraseSet SomebodyElse = Plain("somebody else");
    private static readonly PhraseSet Colleague = Plain("a colleague");
    private static readonly PhraseSet WriterToo = Plain("the writer as well");
    private static readonly PhraseSet OwnBehalf = Plain("on his own behalf");
    private static readonly PhraseSet Excuses = Plain("excuses himself");

    public ReadOnlySpan<char> Words { get; } = words;

    /// <summary>Whether the sentence ends as a question.</summary>
    public bool Asks { get; } = asks;

    /// <summary>Whether the sentence says that it is the writer's own wish, or asks the reader to do something.</summary>
    public bool IsOnOwnBehalf => OwnBehalf.IsIn(sentence);

    public bool IsNoRequest =>
        Denied.IsIn(Words) || Excuses.IsIn(Words) || Told.IsIn(sentence) || IsAboutSomebodyElse || (Asks && (Asked.IsIn(sentence) || !IsOnOwnBehalf));

    private bool IsAboutSomebodyElse =>
        (Colleague.IsIn(Words) && !WriterToo.IsIn(Words)) || (SomebodyElse.IsIn(Words) && WordsOfRefusal.TakesOut(Words) && !WordsOfRefusal.NamesYourList(Words));

    /// <summary>
    /// Whether a sentence of the text is a question that wants an answer, and not how often one has to say it: then the writer
    /// does not want to be left alone.
    /// </summary>
    public static bool WantsAnswer(string text, PhraseSet writer)
    {
        foreach (var range in text.AsSpan().SplitAny(SentenceEnds))
        {
            var asked = text.AsSpan(range);
            if (IsQuestion(text, range.End.Value) && !Annoyed.IsIn(asked) && !writer.IsIn(asked)) return true;
        }

        return false;
    }

    private readonly ReadOnlySpan<char> sentence = sentence;

    /// <summary>The clause in which the hit begins, as far as the hit goes at least.</summary>
    public static Clause Around(ReadOnlySpan<char> text, PhraseHit hit)
    {
        var (start, end) = Between(text, hit, Ends);
        var (sentenceStart, sentenceEnd) = Between(text, hit, SentenceEnds);
        return new Clause(text[start..end], text[sentenceStart..sentenceEnd], IsQuestion(text, sentenceEnd));
    }

    private static (int Start, int End) Between(ReadOnlySpan<char> text, PhraseHit hit, SearchValues<char> ends)
    {
        var last = Math.Max(hit.Index, hit.End - 1);
        var after = text[last..].IndexOfAny(ends);
        return (text[..hit.Index].LastIndexOfAny(ends) + 1, after < 0 ? text.Length : last + after);
    }

    // Japanese and Chinese ask with a particle, and may end in a full stop.
    private static bool IsQuestion(ReadOnlySpan<char> text, int end) =>
        end < text.Length && (text[end] == '?' || (end > 0 && text[end] == '\u3002' && text[end - 1] is '\u304b' or '\u5417' or '\u55ce'));

    private static PhraseSet Plain(string section) => new(File[section].Select(PlainLetters.In));
}
