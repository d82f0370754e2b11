using System.Text;

namespace Refrain.Engine.Tests.Mail.Inbound;

/// <summary>Messages that are small and lawful enough to arrive, and hold what some store or some arithmetic refuses.</summary>
internal static class OddMail
{
    private const string Head = "From: <ann@fir.test>\nTo: <ann@ours.test>\nSubject: A question\nMessage-ID: <odd@fir.test>\n";

    public static IReadOnlyList<string> Kinds { get; } =
    [
        "far date", "half a character in a notification", "half a character in a name of a notification", "no status in a notification", "nul in the subject", "nul in the sender",
        "nul in the body", "nul in the ids", "nul in the type of a complaint", "long id", "long id beyond ascii", "nothing",
    ];

    public static byte[] Of(string kind) => Encoding.UTF8.GetBytes(kind switch
    {
        "far date" => "Date: Fri, 31 Dec 9999 10:00:00 +0000\nAuto-Submitted: auto-replied\n" + Head + "\nI am out of the office until tomorrow inclusive, and back in next week.\n",
        "half a character in a notification" => "From: <amazon@evil.test>\nTo: <ann@ours.test>\nSubject: Notification\n\n{\"notificationType\":\"Bounce\\ud800\"}\n",
        "half a character in a name of a notification" => "From: <amazon@evil.test>\nTo: <ann@ours.test>\nSubject: Notification\n\n{\"\\ud800notificationType\":\"Bounce\",\"a\":\"notificationType\"}\n",
        "no status in a notification" => "From: <amazon@evil.test>\nTo: <ann@ours.test>\nSubject: Notification\n\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"lee@fir.test\",\"status\":\"\"}]}}\n",
        "nul in the subject" => Head.Replace("A question", "=?utf-8?Q?A=00question?=", StringComparison.Ordinal) + "\nYes.\n",
        "nul in the sender" => Head.Replace("<ann@fir.test>", "<an\0n@fir.test>", StringComparison.Ordinal) + "\nYes.\n",
        "nul in the body" => Head + "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n\nYes=00please.\n",
        "nul in the ids" => Head.Replace("odd@", "od\0d@", StringComparison.Ordinal) + "In-Reply-To: <a\0b@ours.test>\nReferences: <c\0d@ours.test> <e\0f@ours.test>\n\nYes.\n",
        "nul in the type of a complaint" => Head + "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: ab\0use\nVersion: 1\n\n--b--\n",
        "long id" => Head.Replace("odd@", Scrambled(3000, 'a', 26) + "@", StringComparison.Ordinal) + "\nYes.\n",
        "long id beyond ascii" => Head.Replace("odd@", Scrambled(950, '\u4e00', 20_000) + "@", StringComparison.Ordinal) + "\nYes.\n",
        "nothing" => "",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such message."),
    });

    // Made so that no compression shortens it.
    private static string Scrambled(int length, char first, int letters)
    {
        var random = new Random(20250804);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)(first + random.Next(letters))));
    }
}
