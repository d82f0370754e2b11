using System.Text;
using CsCheck;
using MimeKit;
using Refrain.Engine.Mail;
using Refrain.Engine.Mail.Compose;

namespace Refrain.Engine.Tests.Mail.Compose;

public sealed class MimeComposerTests
{
    private const string Link = "https://refrain.ours.test/u/abcDEF_-123?x=1&y=2";
    private static readonly OutgoingEmail Email = MailSamples.Email;

    [Fact]
    public void the_same_email_gives_the_same_octets() => MimeComposer.Octets(Email).ShouldBe(MimeComposer.Octets(Email with { }));

    [Fact]
    public void both_parts_say_the_same_and_the_html_is_made_from_the_text_when_there_is_none()
    {
        var message = Read(Email with { Text = "Hello <Lea> & Co,\nsee https://acme.test/a?b=1&c=2.\n\nAnn" });

        message.Body.ShouldBeOfType<MultipartAlternative>();
        Text(message).ShouldBe("Hello <Lea> & Co,\nsee https://acme.test/a?b=1&c=2.\n\nAnn");
        message.HtmlBody.ShouldNotBeNull().ReplaceLineEndings("\n").ShouldBe(
            "<p>Hello &lt;Lea&gt; &amp; Co,<br>\nsee <a href=\"https://acme.test/a?b=1&amp;c=2\">https://acme.test/a?b=1&amp;c=2</a>.</p>\n<p>Ann</p>\n");
    }

    [Fact]
    public void headers_are_those_of_a_person_and_no_others()
    {
        var message = Read(Email);

        message.Headers.Select(header => header.Field).Order(StringComparer.Ordinal).ShouldBe(["Date", "From", "MIME-Version", "Message-Id", "Subject", "To"]);
        message.From.Mailboxes.Single().ShouldSatisfyAllConditions(from => from.Name.ShouldBe("Ann Öst"), from => from.Address.ShouldBe("ann@ours.test"));
        message.To.Mailboxes.Single().Name.ShouldBe("Lea Dörfler");
        message.Subject.ShouldBe("Grüße aus München");
        message.MessageId.ShouldBe(Email.MessageIdHeader);
        message.Date.ShouldBe(new DateTimeOffset(2027, 1, 4, 9, 30, 0, TimeSpan.Zero));
    }

    [Fact]
    public void an_answer_in_the_thread_names_it()
    {
        var message = Read(Email with { References = ["one@ours.test", "two@ours.test"] });

        message.InReplyTo.ShouldBe("two@ours.test");
        message.References.ShouldBe(["one@ours.test", "two@ours.test"]);
    }

    [Fact]
    public void the_footer_stands_in_both_parts()
    {
        var message = Read(Email with { UnsubscribeUrl = Link, UnsubscribeFooter = true, Html = "<html><body><p>Hello</p></body></html>" });

        Text(message).ShouldEndWith($"\n\nUnsubscribe: {Link}\n");
        message.HtmlBody.ShouldNotBeNull().ShouldContain("<a href=\"https://refrain.ours.test/u/abcDEF_-123?x=1&amp;y=2\"");
        message.HtmlBody.TrimEnd().ShouldEndWith("</body></html>");
        message.Headers.Contains(HeaderId.ListUnsubscribe).ShouldBeFalse();
    }

    [Fact]
    public void without_the_footer_there_is_no_link() => Encoding.ASCII.GetString(MimeComposer.Octets(Email with { UnsubscribeUrl = Link })).ShouldNotContain("nsubscribe");

    /// <summary>RFC 8058 section 3.1.</summary>
    [Fact]
    public void one_click_headers_are_set_when_asked_for()
    {
        var message = Read(Email with { UnsubscribeUrl = Link, ListUnsubscribe = true });

        message.Headers[HeaderId.ListUnsubscribe].ShouldBe($"<{Link}>");
        message.Headers[HeaderId.ListUnsubscribePost].ShouldBe("List-Unsubscribe=One-Click");
    }

    [Fact]
    public void no_name_subject_or_link_can_begin_a_header()
    {
        var evil = "x\r\nBcc: all@acme.test\r\n\r\nbody";

        var message = Read(Email with { FromName = evil, ToName = evil, Subject = evil, UnsubscribeUrl = $"https://a.test/{evil}", ListUnsubscribe = true });

        message.Bcc.ShouldBeEmpty();
        message.Headers.Contains("Bcc").ShouldBeFalse();
        message.Subject.ShouldBe("x  Bcc: all@acme.test    body");
    }

    [Fact]
    public void any_text_comes_out_as_it_went_in()
    {
        var letters = Gen.Char.Where(letter => letter == '\n' || !(char.IsControl(letter) || char.IsSurrogate(letter) || letter is '\u2028' or '\u2029' or '\uFEFF'));
        Gen.Select(Gen.String[letters, 0, 300], Gen.String[letters, 0, 80]).Sample((text, subject) =>
        {
            var octets = MimeComposer.Octets(Email with { Text = text, Subject = subject });

            octets.ShouldAllBe(octet => octet < 128);
            var message = Read(octets);
            Text(message).ShouldBe(text.ReplaceLineEndings("\n"));
            message.Bcc.ShouldBeEmpty();
        });
    }

    [Fact]
    public void an_international_domain_is_written_in_ascii()
    {
        var email = Email with { ToAddress = "lea@münchen.test" };

        MimeComposer.NeedsUtf8Addresses(email).ShouldBeFalse();
        Read(email).To.Mailboxes.Single().GetAddress(idnEncode: true).ShouldBe("lea@xn--mnchen-3ya.test");
        MimeComposer.NeedsUtf8Addresses(Email with { ToAddress = "léa@acme.test" }).ShouldBeTrue();
    }

    // MimeKit gives what was sent as it stands, and what it decoded with the line ends of this machine.
    private static string Text(MimeMessage message) => message.TextBody.ShouldNotBeNull().ReplaceLineEndings("\n");

    private static MimeMessage Read(OutgoingEmail email) => Read(MimeComposer.Octets(email));

    private static MimeMessage Read(byte[] octets)
    {
        using var stream = new MemoryStream(octets);
        return MimeMessage.Load(stream);
    }
}
