using Refrain.Core.Inbound;

namespace Refrain.Engine.Mail.Inbound.Automatic;

/// <summary>Out-of-office answers, with the day of return where one is stated.</summary>
internal static class AbsenceNotice
{
    // A person who writes more than this is writing a letter.
    private const int LongestUnmarkedNotice = 1500;

    public static InboundVerdict? Read(IncomingMail mail)
    {
        if ((mail.Has("List-Unsubscribe") || mail.Has("List-Id")) && !mail.Answers) return null;
        var notice = AutomaticMail.Of(mail);
        if (Rule(notice, mail) is not { } rule) return null;
        return new InboundVerdict(InboundClass.OutOfOffice, rule) { ReturnDate = ReturnDate.In(mail, notice) };
    }

    private static string? Rule(AutomaticMail notice, IncomingMail mail)
    {
        var absent = AbsenceLanguages.Absent.Find(notice.Text, 0);
        if (AutomaticAnswer.Departure(notice.Text) is { } departure && (absent is null || departure.Index < absent.Value.Index)) return null;
        if (!notice.IsMachine) return absent is not null && IsUnmarkedNotice(notice, mail) ? "absence.words" : null;
        if (absent is not null) return "absence.text";
        if (notice.HasAbsentSubject) return "absence.subject";
        if (AutomaticAnswer.IsOther(notice)) return null;
        if (AbsenceLanguages.Hints.IsIn(notice.Text)) return "absence.hint";

        // These subjects, and Sieve's vacation action, belong to absence notices alone.
        return notice.HasAutomaticSubject || notice.Signs.SaysVacation ? "absence.form" : null;
    }

    // Without any sign of a machine, a person may simply be saying where he is: then he asks, or goes on to business.
    private static bool IsUnmarkedNotice(AutomaticMail notice, IncomingMail mail) =>
        notice.Text.Length < LongestUnmarkedNotice && !notice.Text.Contains('?', StringComparison.Ordinal)
        && AbsenceLanguages.Formulas.IsIn(notice.Text) && mail.Has("From");
}
