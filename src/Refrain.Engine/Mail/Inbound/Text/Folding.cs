using System.Buffers;
using System.Text;

namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>
/// Brings text into the one form in which phrases are written and looked for: lower case, one space between words,
/// a line feed between paragraphs, plain quotes, dashes and digits.
/// </summary>
internal static class Folding
{
    public static string Fold(string text)
    {
        if (text.Length == 0) return text;
        var source = HasCombiningMarks(text) ? Compose(text) : text;
        var buffer = ArrayPool<char>.Shared.Rent(source.Length);
        var length = 0;
        var pendingSpace = false;
        var newLines = 0;
        foreach (var raw in source)
        {
            var c = FoldCharacter(raw);
            if (c == '\0') continue;
            if (c is ' ' or '\n')
            {
                pendingSpace = true;
                if (c == '\n') newLines++;
                continue;
            }

            if (pendingSpace && length > 0) buffer[length++] = newLines > 1 ? '\n' : ' ';
            pendingSpace = false;
            newLines = 0;
            buffer[length++] = c;
        }

        var folded = new string(buffer, 0, length);
        ArrayPool<char>.Shared.Return(buffer);
        return folded;
    }

    private static char FoldCharacter(char c) => c switch
    {
        >= 'a' and <= 'z' => c,
        >= 'A' and <= 'Z' => (char)(c | 0x20),
        '\n' => '\n',
        <= ' ' => ' ',
        < (char)0x7f => c,
        '\u0130' => 'i',
        '\u00a0' or '\u3000' or '\u202f' or (>= '\u2000' and <= '\u200a') or '\u2028' => ' ',
        '\u2029' => '\n',
        '\u00ad' or '\ufeff' or (>= '\u200b' and <= '\u200f') or '\u2060' => '\0',
        '\u2018' or '\u2019' or '\u00b4' or '\u02bc' => '\'',
        '\u201c' or '\u201d' or '\u201e' or '\u00ab' or '\u00bb' => '"',
        >= '\u2010' and <= '\u2015' or '\u2212' => '-',
        '\uff5e' or '\u301c' => '~',
        >= '\uff01' and <= '\uff5d' => char.ToLowerInvariant((char)(c - 0xfee0)),
        _ => char.ToLowerInvariant(c),
    };

    private static bool HasCombiningMarks(string text) => text.AsSpan().IndexOfAnyInRange('\u0300', '\u036f') >= 0;

    private static string Compose(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return text; // A lone surrogate: what cannot be normalised is searched as it stands.
        }
    }
}
