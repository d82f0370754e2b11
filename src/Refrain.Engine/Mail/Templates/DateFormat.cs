using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Refrain.Engine.Mail.Templates;

/// <summary>The <c>date</c> filter: ISO 8601 days and times written by the directives of strftime, in English. A text that is no date stays as it is.</summary>
internal static class DateFormat
{
    private static readonly LocalDateTimePattern[] Patterns =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd' 'HH:mm"),
        LocalDateTimePattern.ExtendedIso,
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss'Z'"),
    ];

    private static readonly Dictionary<char, string> Directives = new()
    {
        ['Y'] = "yyyy", ['y'] = "yy", ['m'] = "MM", ['B'] = "MMMM", ['b'] = "MMM", ['d'] = "dd", ['e'] = "%d", ['A'] = "dddd", ['a'] = "ddd",
        ['H'] = "HH", ['I'] = "hh", ['M'] = "mm", ['S'] = "ss", ['p'] = "tt",
    };

    public static string Apply(string text, string format)
    {
        var trimmed = text.Trim();
        foreach (var pattern in Patterns)
            if (pattern.Parse(trimmed) is { Success: true } parsed)
                return Write(parsed.Value, format);
        return text;
    }

    private static string Write(LocalDateTime time, string format)
    {
        var written = new StringBuilder();
        for (var index = 0; index < format.Length; index++)
        {
            if (format[index] != '%' || index + 1 == format.Length)
                written.Append(format[index]);
            else if (format[index + 1] == '-' && index + 2 < format.Length && Directives.TryGetValue(format[index + 2], out var padded))
                (written, index) = (written.Append(Field(time, padded).TrimStart('0')), index + 2);
            else if (Directives.TryGetValue(format[++index], out var directive))
                written.Append(Field(time, directive));
            else
                written.Append(format[index] == '%' ? "%" : $"%{format[index]}");
        }
        return written.ToString();
    }

    private static string Field(LocalDateTime time, string directive) => time.ToDateTimeUnspecified().ToString(directive, CultureInfo.InvariantCulture);
}
