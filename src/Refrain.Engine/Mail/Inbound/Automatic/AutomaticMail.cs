namespace Refrain.Engine.Mail.Inbound.Automatic;

/// <summary>What the rules for automatic answers share: the words without the quotation, and whether a machine sent them.</summary>
internal sealed record AutomaticMail(string Text, string Subject, string SubjectLead, bool HasAutomaticSubject, bool HasAbsentSubject, AutomaticSigns Signs, bool IsMachine)
{
    private const int LongestText = 8000;

    public static AutomaticMail Of(IncomingMail mail)
    {
        var text = mail.FoldedNewText.Length > LongestText ? mail.FoldedNewText[..LongestText] : mail.FoldedNewText;
        var subject = WithoutTag(mail.FoldedSubject);
        var signs = AutomaticSigns.Of(mail);
        var automatic = AbsenceLanguages.AutomaticSubjects.Find(subject, 0) is { Index: 0 };
        var lead = Lead(subject, automatic);
        var absent = AbsenceLanguages.Subjects.Find(lead, 0) is { } hit && (hit.Index == 0 || lead.Length < subject.Length || automatic);
        var bulkAnswer = signs.IsBulk && mail.Answers;
        return new AutomaticMail(text, subject, lead, automatic, absent, signs, signs.IsAutomatic || signs.SaysVacation || bulkAnswer || automatic || absent);
    }

    /// <summary>
    /// The part of the subject that the answering side wrote: before "Re:", or all of it where there is none. What follows is our
    /// own subject, and may well speak of holidays.
    /// </summary>
    private static string Lead(string subject, bool automatic)
    {
        if (subject.StartsWith("re:", StringComparison.Ordinal)) return "";
        var answer = subject.IndexOf(" re:", StringComparison.Ordinal);
        if (answer > 0) return subject[..answer];
        return automatic && !subject.StartsWith("auto:", StringComparison.Ordinal) ? "" : subject;
    }

    private static string WithoutTag(string subject)
    {
        var close = subject.StartsWith('[') ? subject.IndexOf(']', StringComparison.Ordinal) : -1;
        return close is > 0 and < 60 ? subject[(close + 1)..].Trim() : subject;
    }
}
