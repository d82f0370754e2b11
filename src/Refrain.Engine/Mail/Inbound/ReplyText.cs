using System.Text;
using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound;

/// <summary>
/// A message taken apart into what its writer wrote, the signature, and what is quoted. Only the first may decide anything.
/// </summary>
internal sealed record ReplyText(string NewText, bool HasQuotation)
{
    private const int LongestSignature = 12;
    private const int ShortestRule = 8;
    private static readonly PhraseFile File = PhraseFile.Read("quotation");
    private static readonly PhraseSet Attributions = new(File["attribution ends with"]);
    private static readonly PhraseSet Banners = new(File["banner"]);
    private static readonly PhraseSet HeaderNames = new(File["header names"]);
    private static readonly PhraseSet DeviceSignatures = new(File["signature begins with"]);
    private static readonly PhraseSet Answers = new(File["answer above this line"]);

    public static ReplyText Split(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var kept = new List<string>(Math.Min(lines.Length, 256));
        var quoted = false;
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index];
            if (IsQuoted(line))
            {
                quoted = true;
                continue;
            }

            var length = AttributionLength(lines, index);
            if (length > 0)
            {
                quoted = true;
                index += length - 1;
                if (QuotesFollow(lines, index + 1)) continue;
                DropRule(kept);
                break;
            }

            if (BeginsQuotation(lines, index))
            {
                quoted = true;
                DropRule(kept);
                break;
            }

            kept.Add(line);
        }

        return new ReplyText(Joined(WithoutSignature(kept)), quoted);
    }

    /// <summary>The line that some programs draw above a quotation.</summary>
    private static void DropRule(List<string> kept)
    {
        while (kept.Count > 0 && kept[^1].AsSpan().Trim() is var line && (line.Length == 0 || (line.Length >= ShortestRule && line.IndexOfAnyExcept("_-=*\u2500") < 0)))
            kept.RemoveAt(kept.Count - 1);
    }

    private static bool IsQuoted(string line)
    {
        var trimmed = line.AsSpan().TrimStart();
        return trimmed.Length > 0 && (trimmed[0] == '>' || trimmed.StartsWith("|>", StringComparison.Ordinal) || trimmed.StartsWith("&gt;", StringComparison.Ordinal));
    }

    /// <summary>"On Tuesday, Ann wrote:" over one to four lines; 0 where there is none.</summary>
    private static int AttributionLength(string[] lines, int index)
    {
        if (lines[index].AsSpan().Trim().Length == 0) return 0;
        var joined = "";
        for (var length = 1; length <= 4 && index + length <= lines.Length; length++)
        {
            var line = lines[index + length - 1].Trim();
            if (line.Length == 0 || line.Length > 400) return 0;
            joined = length == 1 ? line : joined + " " + line;
            if (!EndsLikeAttribution(line)) continue;
            var folded = Folding.Fold(joined);
            return folded.Length <= 400 && Attributions.IsIn(folded) && NamesSomebodyOrSomeTime(folded) ? length : 0;
        }

        return 0;
    }

    private static bool EndsLikeAttribution(string line) => line[^1] is ':' or '\uff1a' or '-' || line.EndsWith("...", StringComparison.Ordinal) || line.EndsWith("wrote", StringComparison.Ordinal);

    private static bool NamesSomebodyOrSomeTime(string folded) => folded.AsSpan().IndexOfAnyInRange('0', '9') >= 0 || folded.Contains('@', StringComparison.Ordinal) || folded.Contains('<', StringComparison.Ordinal);

    private static bool QuotesFollow(string[] lines, int index)
    {
        while (index < lines.Length && lines[index].AsSpan().Trim().Length == 0) index++;
        return index < lines.Length && IsQuoted(lines[index]);
    }

    private static bool BeginsQuotation(string[] lines, int index)
    {
        var line = lines[index].AsSpan().Trim();
        if (line.Length is 0 or > 300) return false;
        var folded = Folding.Fold(line.ToString());
        if (Answers.IsIn(folded)) return false;
        var bare = folded.AsSpan().Trim("-_=*#> ");
        if (bare.Length < folded.Length && bare.Length < 60 && Banners.Find(bare, 0) is { Index: 0 } hit && hit.Length >= bare.Length - 1) return true;
        if (bare.Length < 60 && folded.EndsWith(':') && Banners.Find(bare, 0) is { Index: 0 }) return true;
        return StartsHeaderBlock(lines, index);
    }

    /// <summary>Three lines of "From: Sent: To: Subject:" in any language, or two where the first is the sender.</summary>
    private static bool StartsHeaderBlock(string[] lines, int index)
    {
        if (!IsHeaderLine(lines[index])) return false;
        var count = 1;
        for (var next = index + 1; next < Math.Min(lines.Length, index + 8) && count < 3; next++)
        {
            if (IsHeaderLine(lines[next])) count++;
        }

        return count >= 3;
    }

    private static bool IsHeaderLine(string line)
    {
        var trimmed = line.AsSpan().Trim("* \t\u00a0>");
        var colon = trimmed.IndexOfAny(':', '\uff1a');
        if (colon is < 1 or > 24) return false;
        var name = Folding.Fold(trimmed[..colon].Trim("* \u00a0").ToString());
        return HeaderNames.Find(name, 0) is { Index: 0 } hit && hit.Length == name.Length;
    }

    private static List<string> WithoutSignature(List<string> lines)
    {
        for (var index = 0; index < lines.Count; index++)
        {
            var line = lines[index].AsSpan().TrimEnd();
            var fromEnd = lines.Count - index;
            if (line is "--" or "\u2014" or "__" && (lines[index].StartsWith("-- ", StringComparison.Ordinal) || fromEnd <= LongestSignature + 4)) return lines[..index];
            if (fromEnd <= LongestSignature && line.Length is > 0 and < 120 && DeviceSignatures.Find(Folding.Fold(line.ToString()), 0) is { Index: 0 }) return lines[..index];
        }

        return lines;
    }

    private static string Joined(List<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            if (Answers.IsIn(Folding.Fold(line.Length > 200 ? line[..200] : line))) continue;
            text.Append(line.TrimEnd()).Append('\n');
        }

        return text.ToString().Trim();
    }
}
