using NodaTime.Text;
using Refrain.Core.Inbound;

namespace Refrain.Engine.Tests.Mail.Inbound;

/// <summary>The message is of Monday, 4 August 2025, week 32, unless the test says otherwise.</summary>
public sealed class ReturnDateTests
{
    [Theory]
    [InlineData("I am out of the office until 18 August.", "2025-08-18")]
    [InlineData("I am out of the office until August 18th, 2025.", "2025-08-18")]
    [InlineData("I am out of the office until 18 August inclusive.", "2025-08-19")]
    [InlineData("I am out of the office through August 18.", "2025-08-19")]
    [InlineData("I am out of the office from 4 to 15 August.", "2025-08-15")]
    [InlineData("I am out of the office August 4 - August 15.", "2025-08-15")]
    [InlineData("I am out of the office; back Monday.", "2025-08-11")]
    [InlineData("I am out of the office until Thursday.", "2025-08-07")]
    [InlineData("I am out of the office and return on Wednesday next week.", "2025-08-13")]
    [InlineData("I am out of the office and will be back on the 3rd.", "2025-09-03")]
    [InlineData("I am out of the office until 2025-08-20.", "2025-08-20")]
    [InlineData("Ich bin im Urlaub und am Montag, den 18.08., wieder erreichbar.", "2025-08-18")]
    [InlineData("Ich bin bis zum 3.9.2025 nicht im Büro.", "2025-09-03")]
    [InlineData("Je suis en vacances jusqu'au 1er septembre.", "2025-09-01")]
    [InlineData("Estoy de vacaciones. Vuelvo el 1 de septiembre.", "2025-09-01")]
    [InlineData("Sono in ferie fino al 24/08 compreso.", "2025-08-25")]
    [InlineData("Estou de férias até 29/08/2025.", "2025-08-29")]
    [InlineData("Ik ben op vakantie tot 25 augustus.", "2025-08-25")]
    [InlineData("Jag har semester och är tillbaka måndag vecka 34.", "2025-08-18")]
    [InlineData("Jeg holder ferie til og med 15. august.", "2025-08-16")]
    [InlineData("Jeg er på ferie og tilbake mandag 11.8.", "2025-08-11")]
    [InlineData("Olen lomalla ja palaan 18.8.", "2025-08-18")]
    [InlineData("Jestem na urlopie do 20 sierpnia.", "2025-08-20")]
    [InlineData("Jsem na dovolené do 20. srpna.", "2025-08-20")]
    [InlineData("Yıllık izindeyim, 20 Ağustos'ta döneceğim.", "2025-08-20")]
    [InlineData("Я в отпуске до 20 августа.", "2025-08-20")]
    [InlineData("休暇中です。8月20日に出社いたします。", "2025-08-20")]
    [InlineData("我正在休假，8月20日返回办公室。", "2025-08-20")]
    [InlineData("휴가 중이며 8월 20일에 복귀합니다.", "2025-08-20")]
    public void a_stated_day_is_found(string text, string expected) => Day(Mails.Notice(text)).ShouldBe(expected);

    [Theory]
    [InlineData("I am out of the office with limited access to email.")]
    [InlineData("I was on leave until 1 August and am out of the office today.")]
    [InlineData("I am out of the office. My colleague Ben is back on 18 August.")]
    [InlineData("I am out of the office. Our summer sale starts on 18 August.")]
    [InlineData("I am out of the office. Call extension 12/34 in room 8.15.")]
    [InlineData("I am out of the office and will reply when I return. The fair is on 18 August.")]
    [InlineData("I am on sabbatical and expect to be back in January 2026.")]
    [InlineData("I am out of the office on Fridays.")]
    [InlineData("I am out of the office until further notice.")]
    [InlineData("I am out of the office until 31 February.")]
    public void no_day_is_invented(string text)
    {
        var verdict = Mails.Notice(text);

        verdict.Class.ShouldBe(InboundClass.OutOfOffice);
        verdict.ReturnDate.ShouldBeNull();
    }

    [Theory]
    [InlineData("Mon, 05 Jan 2026 08:00:00 -0500", "ann@fir.test", "2026-03-04")]
    [InlineData("Mon, 05 Jan 2026 08:00:00 +0200", "ann@fir.test", "2026-04-03")]
    [InlineData("Mon, 05 Jan 2026 08:00:00 +0000", "ann@fir.co.uk", "2026-04-03")]
    [InlineData("Mon, 05 Jan 2026 08:00:00 +0000", "ann@fir.edu", "2026-03-04")]
    [InlineData("Mon, 05 Jan 2026 08:00:00 +0000", "ann@fir.test", null)]
    [InlineData("Mon, 16 Mar 2026 08:00:00 +0000", "ann@fir.test", "2026-04-03")]
    public void an_open_order_of_day_and_month_is_settled_by_the_writer_or_not_used(string sent, string from, string? expected) =>
        Day(Mails.Notice("I am out of the office until 03/04.", sent, from)).ShouldBe(expected);

    [Fact]
    public void the_writers_other_dates_settle_the_order() =>
        Day(Mails.Notice("I am out of the office from 25/01/2026 until 03/02/2026.", "Mon, 05 Jan 2026 08:00:00 -0500")).ShouldBe("2026-02-03");

    [Fact]
    public void the_weekday_beside_it_settles_the_order() =>
        Day(Mails.Notice("I am out of the office until Friday 03/04/2026.", "Mon, 05 Jan 2026 08:00:00 +0000")).ShouldBe("2026-04-03");

    [Theory]
    [InlineData("Mon, 22 Dec 2025 08:00:00 +0100", "2026-01-07")]
    [InlineData("Fri, 02 Jan 2026 08:00:00 +0100", "2026-01-07")]
    public void a_day_without_a_year_is_the_coming_one(string sent, string expected) =>
        Day(Mails.Notice("Ich bin bis 07.01. im Urlaub.", sent)).ShouldBe(expected);

    [Fact]
    public void quoted_days_never_count() =>
        Day(Mails.Notice("I am out of the office.\n\nOn Sun, 3 Aug 2025 at 10:00, Sam <sam@acme.test> wrote:\n> I will be back on 20 August 2025.")).ShouldBeNull();

    private static string? Day(InboundVerdict verdict) => verdict.ReturnDate is { } day ? LocalDatePattern.Iso.Format(day) : null;
}
