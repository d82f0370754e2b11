using System.Diagnostics;
using System.Text;
using NodaTime;
using Refrain.Core.Inbound;
using Refrain.Engine.Inbound;
using Refrain.Engine.Mail.Inbound;
using Refrain.Engine.Storage;

namespace Refrain.Engine.Tests.Mail.Inbound;

public sealed class HostileMailTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public void no_mutation_of_a_message_makes_the_reader_throw_or_hang()
    {
        // Deterministic: a failure names the round that repeats it.
        var random = new Random(20250804);
        var sources = CorpusFolder.Expectations.Select(expectation => CorpusFolder.Bytes(expectation.File)).Where(bytes => bytes.Length > 0).ToList();
        for (var round = 0; round < 3000; round++)
        {
            var mutated = Mutate(sources[random.Next(sources.Count)], sources[random.Next(sources.Count)], random);
            var started = Stopwatch.GetTimestamp();

            Should.NotThrow(() => Classifier.Classify(new MemoryStream(mutated)), $"round {round}");
            Received(mutated).Failure.ShouldBeNull($"round {round}");

            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Patience, $"round {round}");
        }
    }

    [Theory]
    [MemberData(nameof(Bombs.Kinds), MemberType = typeof(Bombs))]
    public void a_bomb_costs_little_time_and_memory(string kind)
    {
        var bomb = Bombs.Of(kind);
        Classifier.Classify(Bombs.Of("many headers"));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();

        var verdict = Classifier.Classify(bomb);

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Patience);
        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBeLessThan(256L * 1024 * 1024);
        verdict.Rule.ShouldNotBeNullOrEmpty();
        verdict.Recipients.Count.ShouldBeLessThanOrEqualTo(200);
        verdict.Recipients.Select(recipient => recipient.Address).ShouldBeUnique(StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Bombs.Kinds), MemberType = typeof(Bombs))]
    public void a_bomb_in_an_inbox_is_read_as_the_classifier_reads_it(string kind)
    {
        var started = Stopwatch.GetTimestamp();

        var mail = Received(Bombs.Of(kind).ToArray());

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Patience);
        mail.Failure.ShouldBeNull();
        mail.Verdict.Rule.ShouldBe(Classifier.Classify(Bombs.Of(kind)).Rule);
    }

    public static TheoryData<string> OddKinds => [.. OddMail.Kinds];

    [Theory]
    [MemberData(nameof(OddKinds))]
    public void an_odd_message_is_read_and_nothing_of_it_is_beyond_storing(string kind)
    {
        var mail = Received(OddMail.Of(kind));

        mail.Failure.ShouldBeNull();
        string?[] texts =
        [
            mail.Header, mail.From, mail.Subject, .. mail.Answers, .. mail.Mentions, mail.Verdict.Rule, mail.Verdict.NewText, mail.Verdict.Status, mail.Verdict.Successor,
            mail.Verdict.EnvelopeId, .. mail.Verdict.Recipients.SelectMany(recipient => new[] { recipient.Address, recipient.Action, recipient.Status, recipient.Diagnostic }),
        ];
        foreach (var text in texts.OfType<string>())
        {
            text.ShouldNotContain('\0');
            Should.NotThrow(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text));
        }

        (mail.Header ?? "").Length.ShouldBeLessThanOrEqualTo(998);
    }

    [Fact]
    public void whatever_reading_a_message_throws_is_told_and_not_thrown()
    {
        // No bytes at all stand for a fault of ours that nobody knows yet.
        var mail = Received(null!);

        mail.Failure.ShouldBeOfType<NullReferenceException>();
        mail.Verdict.Class.ShouldBe(InboundClass.Other);
        mail.Verdict.Rule.ShouldStartWith("unreadable.");
    }

    [Fact]
    public void a_text_is_stored_without_what_no_store_takes()
    {
        StorableText.Of(null).ShouldBeNull();
        StorableText.Of("plain \ud83d\ude00").ShouldBe("plain \ud83d\ude00");
        StorableText.Of("a\0b\0").ShouldBe("ab");
        StorableText.Of("half \ud800 of a pair").ShouldBe("half \ufffd of a pair");
        StorableText.Of("\udc00\ud83d\ude00\ud83d").ShouldBe("\ufffd\ud83d\ude00\ufffd");
    }

    [Fact]
    public void a_structure_too_deep_to_read_is_other_and_says_so()
    {
        var verdict = Classifier.Classify(Bombs.Of("nested multiparts"));

        verdict.Class.ShouldBe(InboundClass.Other);
        verdict.Rule.ShouldBe("unreadable.nesting");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\nbody only")]
    [InlineData("\0\u0001\u0002 binary \u0003")]
    public void what_is_no_message_is_other(string text) =>
        Classifier.Classify(new MemoryStream(Encoding.UTF8.GetBytes(text))).Class.ShouldBe(InboundClass.Other);

    [Fact]
    public void the_beginning_of_a_huge_answer_suffices()
    {
        var head = Encoding.UTF8.GetBytes("From: ann@fir.test\nSubject: Re: A question\nIn-Reply-To: <1@acme.test>\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nYes.\n--x\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n");
        var huge = new MemoryStream([.. head, .. Enumerable.Repeat((byte)'A', 3 * 1024 * 1024)]);

        var verdict = Classifier.Classify(huge);

        verdict.Class.ShouldBe(InboundClass.Reply);
        verdict.NewText.ShouldBe("Yes.");
    }

    private static ReceivedMail Received(byte[] raw) => ReceivedMail.Read(new("INBOX", 1, 1, raw, 1), Instant.FromUtc(2027, 1, 4, 9, 0));

    private static byte[] Mutate(byte[] source, byte[] other, Random random)
    {
        var bytes = source.ToList();
        for (var change = random.Next(1, 12); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 80), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 3: bytes.InsertRange(at, other.Take(random.Next(other.Length)).Skip(random.Next(other.Length)).Take(400)); break;
                case 4: bytes.InsertRange(at, Encoding.ASCII.GetBytes("\n")); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }

        return [.. bytes];
    }
}
