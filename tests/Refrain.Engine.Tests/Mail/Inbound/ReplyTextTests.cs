using Refrain.Engine.Mail.Inbound;

namespace Refrain.Engine.Tests.Mail.Inbound;

public sealed class ReplyTextTests
{
    [Theory]
    [InlineData("On Tue, Mar 4, 2025 at 9:00 AM Sam <sam@acme.test> wrote:\n> old")]
    [InlineData("On Tue, Mar 4, 2025 at 9:00 AM\nSam Rivera of Acme\n<sam@acme.test> wrote:\n\n> old")]
    [InlineData("Am 04.03.2025 um 09:00 schrieb Sam <sam@acme.test>:\n> old")]
    [InlineData("Le mar. 4 mars 2025 à 09:00, Sam <sam@acme.test> a écrit :\n> old")]
    [InlineData("El mar, 4 mar 2025 a las 9:00, Sam (<sam@acme.test>) escribió:\n> old")]
    [InlineData("Il giorno mar 4 mar 2025 alle ore 09:00 Sam <sam@acme.test> ha scritto:\n> old")]
    [InlineData("Em ter., 4 de mar. de 2025 às 09:00, Sam <sam@acme.test> escreveu:\n> old")]
    [InlineData("Op di 4 mrt 2025 om 09:00 schreef Sam <sam@acme.test>:\n> old")]
    [InlineData("Den tis 4 mars 2025 kl 09:00 skrev Sam <sam@acme.test>:\n> old")]
    [InlineData("ti 4. maalisk. 2025 klo 9.00 Sam (sam@acme.test) kirjoitti:\n> old")]
    [InlineData("wt., 4 mar 2025 o 09:00 Sam <sam@acme.test> napisał(a):\n> old")]
    [InlineData("út 4. 3. 2025 v 9:00 odesílatel Sam <sam@acme.test> napsal:\n> old")]
    [InlineData("Sam <sam@acme.test>, 4 Mar 2025 Sal, 09:00 tarihinde şunu yazdı:\n> old")]
    [InlineData("вт, 4 мар. 2025 г. в 09:00, Sam <sam@acme.test> пишет:\n> old")]
    [InlineData("2025年3月4日(火) 9:00 Sam <sam@acme.test> のメール:\n> old")]
    [InlineData("Sam <sam@acme.test> 于2025年3月4日周二 09:00写道：\n> old")]
    [InlineData("2025년 3월 4일 (화) 오전 9:00, Sam <sam@acme.test>님이 작성:\n> old")]
    [InlineData("> old\n> older")]
    public void lines_that_are_quoted_are_cut_off_with_the_line_that_announces_them(string quotation)
    {
        var reply = ReplyText.Split("New words.\n\n" + quotation);

        reply.NewText.ShouldBe("New words.");
        reply.HasQuotation.ShouldBeTrue();
    }

    [Theory]
    [InlineData("-----Original Message-----\nFrom: Sam\nold")]
    [InlineData("-----Ursprüngliche Nachricht-----\nVon: Sam\nold")]
    [InlineData("________________________________\nFrom: Sam <sam@acme.test>\nSent: Tuesday, March 4, 2025 9:00 AM\nTo: Ann\nSubject: old")]
    [InlineData("De : Sam <sam@acme.test>\nEnvoyé : mardi 4 mars 2025 09:00\nÀ : Ann\nObjet : old")]
    [InlineData("差出人: Sam <sam@acme.test>\n送信日時: 2025年3月4日 9:00\n宛先: Ann\n件名: old")]
    [InlineData("Begin forwarded message:\n\nold")]
    public void all_that_follows_the_head_of_a_quotation_is_cut_off(string quotation)
    {
        var reply = ReplyText.Split("New words.\n\n" + quotation + "\nold as well");

        reply.NewText.ShouldBe("New words.");
        reply.HasQuotation.ShouldBeTrue();
    }

    [Theory]
    [InlineData("-- \nAnn Lee\nFir Ltd")]
    [InlineData("--\nAnn Lee")]
    [InlineData("Sent from my iPhone")]
    [InlineData("Von meinem iPhone gesendet")]
    [InlineData("Envoyé de mon iPhone")]
    [InlineData("iPhoneから送信")]
    [InlineData("Отправлено с iPhone")]
    public void the_signature_is_cut_off(string signature) => ReplyText.Split("New words.\n\n" + signature).NewText.ShouldBe("New words.");

    [Fact]
    public void answers_between_quoted_lines_are_all_kept() =>
        ReplyText.Split("On Tue, Mar 4, 2025 Sam <sam@acme.test> wrote:\n> first?\n\nYes.\n\n> second?\n\nNo.").NewText.ShouldBe("Yes.\n\n\nNo.");

    [Theory]
    [InlineData("From: 5 to 7 we are closed, else open.")]
    [InlineData("I wrote: it is fine.")]
    [InlineData("To: be or not to be")]
    public void ordinary_sentences_are_no_quotation(string text) => ReplyText.Split(text).NewText.ShouldBe(text);

    [Fact]
    public void a_line_of_characters_that_nobody_sees_is_a_line_like_any_other()
    {
        var reply = ReplyText.Split("Fine.\n\u200b\n\ufeff\nAnn");

        reply.NewText.ShouldStartWith("Fine.");
        reply.NewText.ShouldEndWith("Ann");
    }
}
