using MimeKit;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>
/// Delivery reports in words only: Exim, qmail, old sendmail and Postfix, Exchange, Notes, and the providers' own. No vendor
/// has code of his own; what counts is who writes, under which subject, in which words, and whether a message is given back.
/// </summary>
internal static class FreeTextReport
{
    private static readonly PhraseFile File = PhraseFile.Read("report-words");
    private static readonly PhraseSet Subjects = new(File["subject"]);
    private static readonly PhraseSet Bodies = new(File["body"]);
    private static readonly PhraseSet Delays = new(File["delay"]);
    private static readonly PhraseSet Finals = new(File["final"]);
    private static readonly PhraseSet Daemons = new(File["daemon"]);
    private static readonly PhraseSet OtherMatters = new(File["about no message of ours"]);

    public static InboundVerdict? Read(IncomingMail mail)
    {
        if (mail.Parts.First("message/feedback-report", "message/disposition-notification") is not null) return null;
        var named = mail.Has("X-Failed-Recipients");
        if (!named && !MayBeReport(mail)) return null;
        var text = ReportText.Split(mail.Text);
        var head = text.FoldedHead;
        var original = OriginalMessage.Find(mail, text.Original);
        if (!named && !IsReport(mail, head, text, original)) return null;
        var recipients = RecipientsOf(mail, text, original);
        var waiting = IsDelay(mail, head);
        var words = new Words(mail, head);
        var fates = recipients.Select(address => waiting ? Waiting(address, text) : Failed(address, text, words)).ToList();
        if (fates.Count > 0) return ReportVerdict.Of("report.text", fates, original, null);
        var judged = words.Judged("");
        return new InboundVerdict(waiting ? InboundClass.Delayed : judged.Class, "report.text." + judged.Rule) { Cause = judged.Cause, Status = judged.Status, OriginalMessageId = original.MessageId };
    }

    /// <summary>The recipients that failed, not those that are merely quoted.</summary>
    public static IReadOnlyList<string> RecipientsOf(IncomingMail mail, ReportText text, OriginalMessage original)
    {
        var named = mail.AddressesIn("X-Failed-Recipients").Distinct(StringComparer.OrdinalIgnoreCase).Take(ReportVerdict.MostRecipients).ToList();
        return named.Count > 0 ? named : FailedAddresses.In(text.Head, mail, original);
    }

    private static FailedRecipient Waiting(string address, ReportText text)
    {
        var about = text.FoldedAbout(address);
        var status = StatusCodes.EnhancedIn(about).FindLast(code => code[0] == '4');
        return new(address, "delayed", status, InboundClass.Delayed, BounceTable.CauseOf(about), null);
    }

    private static FailedRecipient Failed(string address, ReportText text, Words words)
    {
        var about = text.FoldedAbout(address);
        var judged = words.Judged(about);
        return new(address, "failed", judged.Status, judged.Class, judged.Cause, about.Length > 1000 ? about[..1000] : about);
    }

    /// <summary>Cheap, before the text is even decoded: most mail is no report.</summary>
    public static bool MayBeReport(IncomingMail mail) =>
        IsFromDaemon(mail) || mail.Header("Content-Type").Contains("delivery-status", StringComparison.Ordinal)
        || (Subjects.IsIn(mail.FoldedSubject) && !mail.Has("List-Unsubscribe"))
        || (mail.Parts.First("message/rfc822") is not null && !mail.Answers);

    private static bool IsReport(IncomingMail mail, string head, ReportText text, OriginalMessage original)
    {
        var speaks = Bodies.IsIn(head.AsSpan(0, Math.Min(head.Length, 6000)));
        var daemon = IsFromDaemon(mail);
        var titled = Subjects.IsIn(mail.FoldedSubject);
        if (mail.Header("Content-Type").Replace("\"", "", StringComparison.Ordinal).Contains("report-type=delivery-status", StringComparison.Ordinal)) return true;
        var givenBack = text.Original.Length > 0 || original.MessageId is not null && mail.Parts.First("message/rfc822", "text/rfc822-headers") is not null;
        if (mail.Answers && !daemon) return false;
        if (IsAboutOtherMatters(mail, head)) return false;
        var explains = BounceTable.CauseOf(head) is not null;
        var signs = (speaks ? 2 : 0) + (daemon ? 2 : 0) + (titled ? 2 : 0) + (givenBack ? 1 : 0) + (mail.Header("Return-Path") == "<>" ? 1 : 0);
        if (signs < 4 && daemon && explains && FailedAddresses.AreNamed(text.Head, mail, original)) return true;
        if (signs < 4 || !(speaks || givenBack || explains)) return false;

        // It tells of one message: it gives that back, or knows its id, or says whom it did not reach. Where all signs agree, any address will do.
        return givenBack || original.MessageId is not null || ((daemon || explains) && FailedAddresses.AreNamed(text.Head, mail, original)) || (signs >= 6 && text.Head.Contains('@', StringComparison.Ordinal));
    }

    /// <summary>A report tells of one message: a digest, a notice to the postmaster about a visitor, and mail that waits for a moderator do not.</summary>
    private static bool IsAboutOtherMatters(IncomingMail mail, string head) =>
        OtherMatters.IsIn(head.AsSpan(0, Math.Min(head.Length, 3000))) || OtherMatters.Find(mail.FoldedSubject, 0) is { Index: 0 }
        || mail.Parts.All.OfType<MessagePart>().Skip(1).Any();

    private static bool IsFromDaemon(IncomingMail mail)
    {
        var from = mail.Header("From");
        return from is "<>" || Daemons.IsIn(Folding.Fold(from)) || (from.Length == 0 && mail.Header("Return-Path") == "<>");
    }

    private static bool IsDelay(IncomingMail mail, string head) =>
        (Delays.IsIn(head) || Delays.IsIn(mail.FoldedSubject)) && !Finals.IsIn(head);

    /// <summary>What the report says, judged once for all recipients of whom it says the same.</summary>
    private sealed class Words(IncomingMail mail, string head)
    {
        // What follows a colon in the subject is our own subject.
        private readonly Lazy<string> headAndSubject = new(() => head + "\n" + mail.FoldedSubject.Split(':')[0]);
        private readonly Dictionary<string, Judgement> judged = new(StringComparer.Ordinal);

        public Judgement Judged(string about)
        {
            if (judged.TryGetValue(about, out var known)) return known;
            var judgement = BounceTable.Judge(null, about, head);
            if (judgement is { Cause: null, Status: null }) judgement = BounceTable.Judge(null, about, headAndSubject.Value);
            return judged[about] = judgement;
        }
    }
}
