using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound;

namespace Refrain.Engine.Tests.Mail.Inbound;

public sealed class CorpusTests
{
    public static TheoryData<string> Files => [.. CorpusFolder.Expectations.Select(expectation => expectation.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void every_message_of_the_corpus_is_read_as_expected(string file)
    {
        var expected = CorpusFolder.Expectations.Single(expectation => expectation.File == file);

        var verdict = Classifier.Classify(new MemoryStream(CorpusFolder.Bytes(file)));

        expected.Classes.ShouldContain(verdict.Class.WireName(), verdict.Rule);
        if (expected.Cause.Length > 0) (verdict.Cause?.WireName()).ShouldBe(expected.Cause);
        if (expected.IsAbsence) expected.Allows(verdict.ReturnDate).ShouldBeTrue($"{verdict.ReturnDate} for {expected.ReturnDate}");
        else verdict.ReturnDate.ShouldBeNull();
        if (expected.IsReport) verdict.Recipients.Select(recipient => recipient.Address).ShouldBe(expected.Recipients, ignoreOrder: true);
        if (expected.Status.Length > 0) verdict.Status.ShouldBe(expected.Status);
        if (expected.OriginalMessageId.Length > 0) verdict.OriginalMessageId.ShouldBe(expected.OriginalMessageId);
        if (expected.Successor.Length > 0) verdict.Successor.ShouldBe(expected.Successor);
        verdict.Rule.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void the_corpus_holds_every_class_and_every_file_has_an_expectation()
    {
        var files = Directory.EnumerateFiles(CorpusFolder.Path, "*.eml").Select(Path.GetFileName).ToList();

        files.Count.ShouldBeGreaterThanOrEqualTo(200);
        files.ShouldBe(CorpusFolder.Expectations.Select(expectation => expectation.File), ignoreOrder: true);
        var classes = CorpusFolder.Expectations.Select(expectation => expectation.Classes[0]).Distinct();
        classes.ShouldBe(Enum.GetValues<InboundClass>().Select(value => value.WireName()), ignoreOrder: true);
    }
}
