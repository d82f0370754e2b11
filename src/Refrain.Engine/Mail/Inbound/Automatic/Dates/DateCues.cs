using System.Buffers;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Automatic.Dates;

/// <summary>What a day means in a notice.</summary>
internal enum DateMeaning
{
    None,
    Start,
    Until,
    UntilInclusive,
    Back,
}

/// <summary>
/// Gives days their meaning by the words around them, see <c>Phrases/date-cues.txt</c>: the nearest before the day and in its
/// sentence, else the nearest behind it and before the next day.
/// </summary>
internal sealed class DateCues
{
    private const int WidestBack = 60;
    private const int WidestUntil = 18;
    private const int WidestVague = 10;
    private const int ShortestSentence = 30;
    private static readonly SearchValues<char> Ends = SearchValues.Create(".,;!?\n");
    public static readonly PhraseFile File = PhraseFile.Read("date-cues");
    private static readonly PhraseSet BackBefore = Set("back before the date");
    private static readonly PhraseSet BackBehind = Set("back behind the date");
    private static readonly PhraseSet UntilBefore = Set("until before the date");
    private static readonly PhraseSet UntilBehind = Set("until behind the date");
    private static readonly PhraseSet InclusiveBefore = Set("inclusive before the date");
    private static readonly PhraseSet InclusiveBehind = Set("inclusive behind the date");
    private static readonly PhraseSet FromBefore = Set("from before the date");
    private static readonly PhraseSet AfterBefore = Set("after before the date");
    private static readonly PhraseSet Vague = Set("not a cue");
    private static readonly PhraseSet SomebodyElse = Set("somebody else");
    private static readonly PhraseSet FirstPerson = Set("first person");
    private static readonly PhraseSet SomethingElse = Set("something else");
    private readonly string text;
    private readonly IReadOnlyList<DateMention> mentions;

    public DateCues(string text, IReadOnlyList<DateMention> mentions)
    {
        this.mentions = mentions;
        this.text = Masked(text, mentions);
    }

    public DateMeaning MeaningOf(int index)
    {
        var mention = mentions[index];
        var start = SentenceStart(mention.Start);
        if (IsSomebodyElses(start, mention.Start)) return DateMeaning.None;
        var meaning = ByWords(index, start);
        return meaning is DateMeaning.None or DateMeaning.Start || IsOfAbsence(index, meaning == DateMeaning.Back) ? meaning : DateMeaning.None;
    }

    /// <summary>Whether both days stand in one sentence.</summary>
    public bool AreTogether(int left, int right) => SentenceStart(mentions[left].Start) == SentenceStart(mentions[right].Start);

    private DateMeaning ByWords(int index, int start)
    {
        var mention = mentions[index];
        var before = text[(index > 0 ? Math.Max(start, mentions[index - 1].End) : start)..mention.Start];
        var end = index + 1 < mentions.Count ? Math.Min(SentenceEnd(mention.End), mentions[index + 1].Start) : SentenceEnd(mention.End);
        var behind = text[mention.End..end];
        if (mention.EndsSpan || EndsSpan(index)) return mention.Week is null ? Until(before, behind) : DateMeaning.UntilInclusive;
        var (backEnd, untilEnd) = (LastEnd(BackBefore, before, WidestBack), LastEnd(UntilBefore, before, WidestUntil));
        if (untilEnd >= 0 && untilEnd >= backEnd) return Until(before, behind);
        if (LastEnd(AfterBefore, before, 2) >= 0) return DateMeaning.UntilInclusive;
        if (backEnd >= 0 && !(mention.IsOnlyWeekday && before.Length - backEnd > 24)) return DateMeaning.Back;
        if (UntilBehind.Find(behind, 0) is { Index: <= 4 }) return Until(before, behind);
        if (BackBehind.Find(behind, 0) is { } back && back.Index <= WidestBack && !IsOfTheNext(index, end, behind.Length - back.End)) return DateMeaning.Back;
        if (FromBefore.IsIn(before)) return DateMeaning.Start;

        // "On leave in week 8" means all of it.
        return mention.Week is not null && mention.Weekday is null && SpeaksOfAbsence(Sentence(mention)) ? DateMeaning.UntilInclusive : DateMeaning.None;
    }

    // "On leave in week 42 and back on Monday the 20th": the word right before a day is that day's.
    private bool IsOfTheNext(int index, int end, int left) => index + 1 < mentions.Count && end == mentions[index + 1].Start && left <= WidestVague + 2;

    /// <summary>
    /// Not the days of a fair, a deadline or a delivery: the sentence speaks of being away, or of the writer, or says hardly more
    /// than the day.
    /// </summary>
    private bool IsOfAbsence(int index, bool isBack)
    {
        var mention = mentions[index];
        var sentence = Sentence(mention);
        if (AbsenceLanguages.Absent.IsIn(sentence)) return true;
        var hints = AbsenceLanguages.Hints.IsIn(sentence);
        if (SomethingElse.IsIn(hints ? Around(index) : sentence)) return false;
        return isBack || hints || FirstPerson.IsIn(sentence) || AbsenceLanguages.Formulas.IsIn(sentence) || sentence.Length - (mention.End - mention.Start) <= ShortestSentence;
    }

    /// <summary>The sentence as far as it belongs to no other day.</summary>
    private ReadOnlySpan<char> Around(int index)
    {
        var (start, end) = (SentenceStart(mentions[index].Start), SentenceEnd(mentions[index].End));
        if (index > 0) start = Math.Max(start, mentions[index - 1].End);
        if (index + 1 < mentions.Count) end = Math.Min(end, mentions[index + 1].Start);
        return text.AsSpan()[start..end];
    }

    private static bool SpeaksOfAbsence(ReadOnlySpan<char> sentence) => AbsenceLanguages.Absent.IsIn(sentence) || AbsenceLanguages.Hints.IsIn(sentence);

    private ReadOnlySpan<char> Sentence(DateMention mention) => text.AsSpan()[SentenceStart(mention.Start)..SentenceEnd(mention.End)];

    private static DateMeaning Until(string before, string behind)
    {
        var inclusive = LastEnd(InclusiveBefore, before, WidestUntil) >= 0 || InclusiveBehind.Find(behind, 0) is { Index: <= 4 };
        return inclusive ? DateMeaning.UntilInclusive : DateMeaning.Until;
    }

    /// <summary>"From 22 December to 2 January": only a connector stands between the two.</summary>
    public bool EndsSpan(int index) =>
        index > 0 && !mentions[index].IsOnlyWeekday && mentions[index].Start - mentions[index - 1].End is >= 0 and <= 20
        && SpanEnds.IsConnector(text.AsSpan()[mentions[index - 1].End..mentions[index].Start].Trim(" .,()"));

    private bool IsSomebodyElses(int start, int at)
    {
        var sentence = text.AsSpan(start, at - start);
        var others = LastStart(SomebodyElse, sentence);
        return others >= 0 && others > LastStart(FirstPerson, sentence);
    }

    /// <summary>How far into the text the last cue ends that is near enough to its end; -1 without one.</summary>
    private static int LastEnd(PhraseSet cues, string before, int widest)
    {
        var last = -1;
        foreach (var hit in cues.FindAll(before))
        {
            // A word of two letters is a cue only right before the day.
            var limit = hit.Length <= 2 ? 2 : widest;
            if (before.Length - hit.End <= limit) last = hit.End;
        }

        return last;
    }

    private static int LastStart(PhraseSet words, ReadOnlySpan<char> sentence)
    {
        var hits = words.FindAll(sentence);
        return hits.Count == 0 ? -1 : hits[^1].Index;
    }

    // "When I am back" is no cue, but "when I am back on Monday" is.
    private static string Masked(string text, IReadOnlyList<DateMention> mentions)
    {
        var hits = Vague.FindAll(text);
        if (hits.Count == 0) return text;
        var masked = text.ToCharArray();
        foreach (var hit in hits)
        {
            if (!mentions.Any(mention => mention.Start >= hit.End && mention.Start - hit.End <= WidestVague && text.AsSpan()[hit.End..mention.Start].IndexOfAny(Ends) < 0)) masked.AsSpan(hit.Index, hit.Length).Fill('_');
        }

        return new string(masked);
    }

    private int SentenceStart(int at)
    {
        for (var place = at - 1; place > 0; place--)
        {
            if (EndsSentence(place)) return place + 1;
        }

        return 0;
    }

    private int SentenceEnd(int at)
    {
        for (var place = at; place < text.Length; place++)
        {
            if (EndsSentence(place)) return place;
        }

        return text.Length;
    }

    // Not the dots of "02.01.", "t.o.m." or "Mon.".
    private bool EndsSentence(int at) => text[at] switch
    {
        '\n' or '!' or '?' or '\u3002' => true,
        ';' => true,
        '.' => at + 1 < text.Length && text[at + 1] == ' ' && (LettersBefore(at) >= 4 || EndsYear(at) || text[at - 1] is ')' or '"') && !IsWithinMention(at),
        _ => false,
    };

    private int LettersBefore(int at)
    {
        var count = 0;
        while (at - count - 1 >= 0 && char.IsLetter(text[at - count - 1])) count++;
        return count;
    }

    private bool EndsYear(int at) => at >= 4 && text.AsSpan(at - 4, 4).IndexOfAnyExceptInRange('0', '9') < 0;

    private bool IsWithinMention(int at)
    {
        foreach (var mention in mentions)
        {
            if (at >= mention.Start && at < mention.End) return true;
        }

        return false;
    }

    private static PhraseSet Set(string section) => new(File[section]);
}
