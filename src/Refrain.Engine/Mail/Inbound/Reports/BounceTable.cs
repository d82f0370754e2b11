using System.Collections.Frozen;
using Refrain.Core.Inbound;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Reports;

/// <summary>What a refusal means for the address.</summary>
internal readonly record struct Judgement(InboundClass Class, BounceCause? Cause, string? Status, string Rule);

/// <summary>
/// Hard, soft, and whose fault: by the words of the refusing server first, since codes are often generic or wrong, then by
/// the table of codes. Whatever is left unexplained is soft: an address is marked bad only on evidence.
/// </summary>
internal static class BounceTable
{
    private static readonly PhraseFile Words = PhraseFile.Read("bounce-words");
    private static readonly (BounceCause Cause, bool Hard, PhraseSet Phrases)[] Order =
        [.. new[]
        {
            ("address for certain", BounceCause.Address), ("sender for certain", BounceCause.Sender), ("mailbox", BounceCause.Mailbox), ("message", BounceCause.Message),
            ("sender", BounceCause.Sender), ("address", BounceCause.Address), ("network", BounceCause.Network), ("system", BounceCause.System),
        }.Select(entry => (entry.Item2, entry.Item2 == BounceCause.Address, new PhraseSet(Words[entry.Item1])))];

    private static readonly FrozenDictionary<string, (bool Hard, BounceCause Cause)> Codes = ReadCodes();

    /// <summary>Judges a final refusal.</summary>
    /// <param name="status">The status field, or null.</param>
    /// <param name="diagnostic">What the refusing server said, folded; may be empty.</param>
    /// <param name="context">Other words of the report about this recipient, folded; they count only where the rest is silent.</param>
    public static Judgement Judge(string? status, string diagnostic, string context)
    {
        var said = StatusCodes.EnhancedIn(diagnostic);
        var telling = Telling(said, status);
        if (ByWords(diagnostic) is { } words) return Finish(words, telling, said, "words");
        if (telling is not null && ByCode(telling) is { } code) return new(Severity(code.Hard), code.Cause, telling, "code." + telling);
        if (ByWords(context) is { } about)
        {
            var inContext = StatusCodes.EnhancedIn(context);
            return Finish(about, telling ?? Telling(inContext, null), inContext, "words");
        }

        if (Telling(StatusCodes.EnhancedIn(context), null) is { } other && ByCode(other) is { } table) return new(Severity(table.Hard), table.Cause, other, "code." + other);
        return ByReply(StatusCodes.ReplyIn(diagnostic) ?? StatusCodes.ReplyIn(context), telling ?? status);
    }

    /// <summary>The cause that the words of a delay warning name.</summary>
    public static BounceCause? CauseOf(string folded) => ByWords(folded)?.Cause;

    // A temporary code or a final time-out never makes an address bad, unless the server itself said so with a 5.
    private static Judgement Finish((BounceCause Cause, bool Hard) words, string? telling, List<string> said, string rule)
    {
        var temporary = telling is ['4', ..] && !said.Exists(code => code[0] == '5');
        return new(Severity(words.Hard && !temporary), words.Cause, telling, $"{rule}.{words.Cause.WireName()}");
    }

    private static (BounceCause Cause, bool Hard)? ByWords(string folded)
    {
        if (folded.Length == 0) return null;
        foreach (var (cause, hard, phrases) in Order)
        {
            if (phrases.IsIn(folded)) return (cause, hard);
        }

        return null;
    }

    private static string? Telling(List<string> said, string? status)
    {
        var precise = said.FindLast(code => code[0] != '2' && !StatusCodes.IsVague(code));
        if (precise is not null) return precise;
        if (status is not null && !StatusCodes.IsVague(status)) return status;
        return status ?? said.FindLast(code => code[0] != '2');
    }

    private static (bool Hard, BounceCause Cause)? ByCode(string code)
    {
        if (Codes.TryGetValue(code, out var exact)) return exact;
        if (StatusCodes.IsVague(code)) return null;
        var family = code[..(code.LastIndexOf('.') + 1)] + "*";
        return Codes.TryGetValue(family, out var found) ? found : Codes.TryGetValue(code[0] + ".*", out var any) ? any : null;
    }

    private static Judgement ByReply(int? reply, string? status) => reply switch
    {
        550 or 551 or 553 when status is not ['4', ..] => new(InboundClass.HardBounce, BounceCause.Address, status, "reply." + reply),
        552 => new(InboundClass.SoftBounce, BounceCause.Mailbox, status, "reply.552"),
        >= 400 and < 500 => new(InboundClass.SoftBounce, BounceCause.Network, status, "reply." + reply),
        _ when status is ['4', ..] => new(InboundClass.SoftBounce, BounceCause.Network, status, "temporary"),
        _ => new(InboundClass.SoftBounce, null, status, "unexplained"),
    };

    private static InboundClass Severity(bool hard) => hard ? InboundClass.HardBounce : InboundClass.SoftBounce;

    private static FrozenDictionary<string, (bool Hard, BounceCause Cause)> ReadCodes()
    {
        var file = PhraseFile.Read("bounce-codes");
        var codes = new Dictionary<string, (bool, BounceCause)>();
        foreach (var cause in Enum.GetValues<BounceCause>())
        {
            foreach (var line in file[cause.WireName()])
            {
                var code = line.Split(' ', 2)[0];
                codes[code] = (cause == BounceCause.Address, cause);
            }
        }

        return codes.ToFrozenDictionary();
    }
}
