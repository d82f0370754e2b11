using System.Globalization;
using System.Text;

namespace Refrain.Engine.Tests.Mail.Inbound;

/// <summary>Messages made to be dear.</summary>
internal static class Bombs
{
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
        "fifty megabytes" => Head + "\n" + new string('x', 50 * 1024 * 1024),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such bomb."),
    }));

    private static string Repeated(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private static string Nested(int depth, Func<int, string> layer) => string.Concat(Enumerable.Range(0, depth).Select(layer)) + "\n\nbody\n";

    private static string Recipients(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(index => string.Create(CultureInfo.InvariantCulture, $"\nFinal-Recipient: rfc822; u{index}@x.test\nAction: failed\nStatus: 5.1.1\n")));
}
