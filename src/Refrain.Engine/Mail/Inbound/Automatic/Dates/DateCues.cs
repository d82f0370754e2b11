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
    private readonly string text;
    private readonly IReadOnlyList<DateMention> mentions;

    public DateCues(string text, IReadOnlyList<DateMention> mentions)
    {
        this.text = Masked(text);
        this.mentions = mentions;
    }

    public DateMeaning MeaningOf(int index)
    {
        var mention = mentions[index];
        var start = SentenceStart(mention.Start);
        if (IsSomebodyElses(start, mention.Start)) return DateMeaning.None;
        var before = text[(index > 0 ? Math.Max(start, mentions[index - 1].End) : start)..mention.Start];
        var end = index + 1 < mentions.Count ? Math.Min(SentenceEnd(mention.End), mentions[index + 1].Start) : SentenceEnd(mention.End);
        var behind = text[mention.End..end];
        if (mention.EndsSpan || EndsSpan(index, before)) return Until(before, behind);
        var (backEnd, untilEnd) = (LastEnd(BackBefore, before, WidestBack), LastEnd(UntilBefore, before, WidestUntil));
        if (untilEnd >= 0 && untilEnd >= backEnd) return Until(before, behind);
        if (LastEnd(AfterBefore, before, 2) >= 0) return DateMeaning.UntilInclusive;
        if (backEnd >= 0 && !(mention.IsOnlyWeekday && before.Length - backEnd > 24)) return DateMeaning.Back;
        if (UntilBehind.Find(behind, 0) is { Index: <= 4 }) return Until(before, behind);
        if (BackBehind.Find(behind, 0) is { } back && back.Index <= WidestBack) return DateMeaning.Back;
        return FromBefore.IsIn(before) ? DateMeaning.Start : DateMeaning.None;
    }

    private static DateMeaning Until(string before, string behind)
    {
        var inclusive = LastEnd(InclusiveBefore, before, WidestUntil) >= 0 || InclusiveBehind.Find(behind, 0) is { Index: <= 4 };
        return inclusive ? DateMeaning.UntilInclusive : DateMeaning.Until;
    }

    // "from 22 December to 2 January": only a connector stands between the two.
    private bool EndsSpan(int index, string before) =>
        index > 0 && !mentions[index].IsOnlyWeekday && mentions[index].Start - mentions[index - 1].End <= 20 && SpanEnds.IsConnector(before.AsSpan().Trim(" .,()"));

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

    private static string Masked(string text)
    {
        var hits = Vague.FindAll(text);
        if (hits.Count == 0) return text;
        var masked = text.ToCharArray();
        foreach (var hit in hits) masked.AsSpan(hit.Index, hit.Length).Fill('_');
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
        '.' => at + 1 < text.Length && text[at + 1] == ' ' && LettersBefore(at) >= 4 && !IsWithinMention(at),
        _ => false,
    };

    private int LettersBefore(int at)
    {
        var count = 0;
        while (at - count - 1 >= 0 && char.IsLetter(text[at - count - 1])) count++;
        return count;
    }

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
