using Refrain.Core.Inbound;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Mail.Inbound;

/// <summary>
/// Notices of eighteen languages as people type them, with and without a machine's sign, beside answers in which somebody speaks of
/// being away and automatic answers of other kinds: <c>Sentences/absences.tsv</c>.
/// </summary>
public sealed class AbsenceSentenceTests
{
    private static readonly string[] Lines =
        [.. File.ReadLines(Path.Combine(SolutionFolder.Path, "tests", "Refrain.Engine.Tests", "Mail", "Inbound", "Sentences", "absences.tsv")).Where(line => !line.StartsWith('#'))];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Lines.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void an_absence_is_told_from_an_answer_and_its_return_day_is_the_stated_one(int number)
    {
        var cells = Lines[number].Split('\t');
        var (name, stated, date, from) = (cells[0], cells[1], cells[2], cells[3]);
        var headers = $"From: {from}\nTo: sam@acme.test\nSubject: {cells[6]}\nDate: {date}\n"
            + (cells[4].Length > 0 ? "Auto-Submitted: auto-replied\n" : "") + (cells[5].Length > 0 ? "In-Reply-To: <1@acme.test>\n" : "");

        var verdict = Mails.Read(headers.TrimEnd('\n'), SentenceTests.Unescaped(cells[7]));

        verdict.Class.WireName().ShouldBe(name, $"{verdict.Rule}: {cells[7]}");
        new Expectation("", [name], "", stated, [], "", "", "").Allows(verdict.ReturnDate).ShouldBeTrue($"{verdict.ReturnDate} for {stated}: {cells[7]}");
    }
}
