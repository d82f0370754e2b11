using System.Buffers;
using System.Globalization;
using System.Text;

namespace Refrain.Engine.Mail.Inbound.Automatic.Dates;

/// <summary>Months and days in Chinese numerals, 十月八日, in digits.</summary>
internal static class DateNumerals
{
    private const string Numerals = "\u3007\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341";
    private static readonly SearchValues<char> Any = SearchValues.Create(Numerals);
    private const char Ten = '\u5341';
    private const int Longest = 3;

    public static string InDigits(string text)
    {
        if (text.AsSpan().IndexOfAny(Any) < 0) return text;
        var written = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && Numerals.Contains(text[end], StringComparison.Ordinal)) end++;
            var named = end > at && end - at <= Longest && end < text.Length && text[end] is '\u6708' or '\u65e5' or '\u53f7' or '\u865f' && !IsWeekday(text, at);
            if (named) written.Append(CultureInfo.InvariantCulture, $"{Number(text.AsSpan(at, end - at))}");
            else written.Append(text, at, Math.Max(1, end - at));
            at = Math.Max(end, at + 1);
        }

        return written.ToString();
    }

    // 星期日, 周一: what follows these is the day of a week.
    private static bool IsWeekday(string text, int at) => at > 0 && text[at - 1] is '\u671f' or '\u5468' or '\u9031' or '\u62dc' or '\u66dc';

    private static int Number(ReadOnlySpan<char> numerals)
    {
        var ten = numerals.IndexOf(Ten);
        if (ten < 0) return Digit(numerals[^1]);
        var tens = ten == 0 ? 1 : Digit(numerals[0]);
        return (tens * 10) + (ten == numerals.Length - 1 ? 0 : Digit(numerals[^1]));
    }

    private static int Digit(char numeral) => Numerals.IndexOf(numeral, StringComparison.Ordinal);
}
