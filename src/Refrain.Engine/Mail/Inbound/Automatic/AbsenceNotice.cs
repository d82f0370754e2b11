using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Automatic.Dates;
using Refrain.Engine.Mail.Inbound.Replies;

namespace Refrain.Engine.Mail.Inbound.Automatic;

/// <summary>Out-of-office answers, with the day of return where one is stated.</summary>
internal static class AbsenceNotice
{
    // A person who writes more than this is writing a letter.
    private const int LongestUnmarkedNotice = 1500;
    private const int LongestNoteOfAbsence = 400;
    private const int LongestTelegram = 120;
    private const int ShortestSentence = 8;

    public static InboundVerdict? Read(IncomingMail mail)
    {
        if (mail.IsOfList) return null;
        var notice = AutomaticMail.Of(mail);
        if (Rule(notice, mail) is not { } rule) return null;
        return new InboundVerdict(InboundClass.OutOfOffice, rule) { ReturnDate = ReturnDate.In(mail, notice) };
    }

    private static string? Rule(AutomaticMail notice, IncomingMail mail)
    {
        var absent = AbsenceLanguages.Absent.Find(notice.Text, 0);
        if (AutomaticAnswer.Departure(notice.Text) is { } departure && (absent is null || departure.Index < absent.Value.Index)) return null;
        if (!notice.IsMachine) return (absent is not null || IsTelegram(notice)) && IsUnmarkedNotice(notice, mail) ? "absence.words" : null;
        if (absent is not null) return "absence.text";
        if (notice.HasAbsentSubject) return "absence.subject";
        if (AutomaticAnswer.IsOther(notice)) return null;
        if (AbsenceLanguages.Hints.IsIn(notice.Text)) return "absence.hint";

        // These subjects, and Sieve's vacation action, belong to absence notices alone.
        return notice.HasAutomaticSubject || notice.Signs.SaysVacation ? "absence.form" : null;
    }

    // "Ferie t.o.m. uke 31": it begins with the absence, names a day and says nothing else.
    private static bool IsTelegram(AutomaticMail notice) =>
        notice.Text.Length < LongestTelegram && AbsenceLanguages.Hints.Find(notice.Text, 0) is { Index: < 12 } && DateScanner.Scan(notice.Text).Count > 0;

    // Without any sign of a machine a person may simply be saying where he is: then he asks, or goes on to business.
    private static bool IsUnmarkedNotice(AutomaticMail notice, IncomingMail mail)
    {
        if (notice.Text.Length >= LongestUnmarkedNotice || notice.Text.AsSpan().IndexOfAny('?', '\u061f') >= 0 || !mail.Has("From")) return false;
        if (UnsubscribeRequest.Read(mail) is not null) return false;
        if (AutomaticAnswer.SaysAutomatic(notice)) return true;
        if (!BeginsWithAbsence(notice.Text)) return false;
        return !AbsenceLanguages.IsEngaged(notice.Text) && (AbsenceLanguages.Formulas.IsIn(notice.Text) || notice.Text.Length < LongestNoteOfAbsence);
    }

    /// <summary>A person first answers, and then says where he is.</summary>
    private static bool BeginsWithAbsence(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = SentenceEnd(text, start);
            var sentence = text.AsSpan()[start..end].Trim();
            start = end + 1;
            if (sentence.Length < ShortestSentence || RequestText.IsGreeting(sentence)) continue;
            return AbsenceLanguages.Absent.IsIn(sentence) || AbsenceLanguages.Hints.IsIn(sentence) || AbsenceLanguages.Formulas.IsIn(sentence);
        }

        return true;
    }

    // Not the dots of "23.12." and "t.o.m.".
    private static int SentenceEnd(string text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            if (Clause.SentenceEnds.Contains(text[at]) && (text[at] != '.' || (at > from + 2 && char.IsLetter(text[at - 1]) && char.IsLetter(text[at - 2]) && char.IsLetter(text[at - 3])))) return at;
        }

        return text.Length;
    }
}
