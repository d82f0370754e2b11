using System.Globalization;
using System.Text;

namespace Refrain.Engine.Tests.Mail.Inbound;

/// <summary>Messages made to be dear.</summary>
internal static class Bombs
{
    public static TheoryData<string> Kinds { get; } =
    [
        "nested multiparts", "nested messages", "many parts", "many headers", "one long header", "one long line", "only quotes", "only at signs", "only tags", "only dates",
        "only phrases", "unknown charset", "attached container", "old attachment form", "report with many recipients", "report of one address many times",
        "report without addresses", "report without addresses in one line", "report of addresses that are nowhere", "report of addresses far from their words",
        "report of one group", "failed recipients in a header", "original with many recipients", "notification of many recipients", "complaint of many recipients", "fifty megabytes",
    ];

    private const string Head = "From: MAILER-DAEMON@x.test\nTo: sam@acme.test\nSubject: Undelivered Mail Returned to Sender\nDate: Mon, 04 Aug 2025 08:00:00 +0000\n";

    public static MemoryStream Of(string kind) => new(Encoding.Latin1.GetBytes(kind switch
    {
        "nested multiparts" => "From: a@x.test\nSubject: deep\n" + Nested(5000, index => $"Content-Type: multipart/mixed; boundary=b{index}\n\n--b{index}\n"),
        "nested messages" => Head + Nested(5000, _ => "Content-Type: message/rfc822\n\nFrom: a@x.test\n"),
        "many parts" => Head + "Content-Type: multipart/mixed; boundary=b\n\n" + Repeated("--b\nContent-Type: text/plain\n\nx\n", 30_000),
        "many headers" => Head + Repeated("X-Filler: value\n", 60_000) + "\nbody",
        "one long header" => Head + "References: " + Repeated("<id@x.test> ", 80_000) + "\n\nbody",
        "one long line" => Head + "\n" + new string('a', 1_000_000),
        "only quotes" => Head + "\n" + Repeated("\"", 900_000),
        "only at signs" => Head + "\nYour message could not be delivered to\n" + Repeated("a@b.c@d.e@", 90_000),
        "only tags" => Head + "Content-Type: text/html\n\n" + Repeated("<blockquote><div class=x><", 40_000),
        "only dates" => "From: a@x.test\nSubject: Out of office\nDate: Mon, 04 Aug 2025 08:00:00 +0000\nAuto-Submitted: auto-replied\n\nI am out of the office until " + Repeated("01/02 3 May - 5.6. ", 50_000),
        "only phrases" => Head + "Auto-Submitted: auto-replied\n\n" + Repeated("out of the office until mailbox full could not ", 20_000),
        "unknown charset" => Head + "Content-Type: text/plain; charset=\"x-" + new string('q', 5000) + "\"\n\nbody",
        "attached container" => Head + "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\neJ8+IgAAAAAAAAAA" + new string('A', 200_000),
        "old attachment form" => Head + "\nbegin 644 a.bin\n" + Repeated("M" + new string('A', 60) + "\n", 15_000) + "`\nend\n",
        "report with many recipients" => Head + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" + Recipients(15_000),
        "report of one address many times" => Report("Words about u0@x.test " + Repeated("mailbox of u1@x.test is full ", 2_100), 500, _ => "Final-Recipient: rfc822; u0@x.test\nAction: failed\nStatus: 5.1.1\n"),
        "report without addresses" => Report(string.Concat(Enumerable.Range(0, 250).Select(index => $"u{index}@x.test no such user\n")) + Repeated("other words ", 4_000), 500, _ => "Action: failed\n"),
        "report without addresses in one line" => Report(string.Concat(Enumerable.Range(0, 250).Select(index => $"u{index}@x.test ")) + Repeated("w@y.test ", 6_500) + "\n" + string.Concat(Enumerable.Range(0, 250).Select(index => $"u{index}@x.test\n")), 500, _ => "Action: failed\n"),
        "report of addresses that are nowhere" => Report(Repeated("other words ", 5_400), 500, index => $"Final-Recipient: rfc822; u{index}@x.test\nAction: failed\n"),
        "report of addresses far from their words" => Report(string.Concat(Enumerable.Range(0, 250).Select(index => $"x u{index}@x.test\n")) + Repeated("other words ", 5_000), 500, index => $"Final-Recipient: rfc822; u{index}@x.test\nAction: failed\n"),
        "report of one group" => Report("words", 1, _ => string.Concat(Enumerable.Range(0, 9_000).Select(index => $"x{index:x}:\n"))),
        "failed recipients in a header" => Head + "X-Failed-Recipients: " + string.Concat(Enumerable.Range(0, 60_000).Select(index => $"u{index}@x.test, ")) + "\n\n" + Repeated("This message could not be delivered. ", 1_700),
        "original with many recipients" => Head + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nThis message could not be delivered: " + string.Concat(Enumerable.Range(0, 5_000).Select(index => $"x v{index}@y.test\n"))
            + "\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <1@acme.test>\nTo: " + string.Concat(Enumerable.Range(0, 60_000).Select(index => $"u{index}@x.test, ")) + "\n\nbody\n--b--\n",
        "notification of many recipients" => "From: a@amazon.test\nSubject: x\n\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[" + Repeated("{},", 20_000) + "{}]}}",
        "complaint of many recipients" => Head + "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
            + string.Concat(Enumerable.Range(0, 3_000).Select(index => $"Original-Rcpt-To: u{index}@x.test\n")) + "\n--b--\n",
        "fifty megabytes" => Head + "\n" + new string('x', 50 * 1024 * 1024),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such bomb."),
    }));

    private static string Report(string words, int groups, Func<int, string> group) =>
        Head + "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\n" + words
        + "\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.test\n\n" + string.Join("\n", Enumerable.Range(0, groups).Select(group)) + "\n--b--\n";

    private static string Repeated(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private static string Nested(int depth, Func<int, string> layer) => string.Concat(Enumerable.Range(0, depth).Select(layer)) + "\n\nbody\n";

    private static string Recipients(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(index => string.Create(CultureInfo.InvariantCulture, $"\nFinal-Recipient: rfc822; u{index}@x.test\nAction: failed\nStatus: 5.1.1\n")));
}
