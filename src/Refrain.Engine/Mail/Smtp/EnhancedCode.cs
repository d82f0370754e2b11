using System.Globalization;
using System.Text.RegularExpressions;

namespace Refrain.Engine.Mail.Smtp;

/// <summary>An enhanced status code (RFC 3463): 5.1.1 is class 5, subject 1, detail 1.</summary>
internal readonly partial record struct EnhancedCode(int Class, int Subject, int Detail)
{
    /// <summary>The code at the start of a reply's text, when its class is that of the reply. Null where there is none.</summary>
    public static EnhancedCode? Of(int reply, string text)
    {
        var found = Shape().Match(text);
        if (!found.Success || Number(found, "class") != reply / 100)
            return null;
        return new(Number(found, "class"), Number(found, "subject"), Number(found, "detail"));
    }

    public override string ToString() => $"{Class}.{Subject}.{Detail}";

    private static int Number(Match found, string name) => int.Parse(found.Groups[name].ValueSpan, CultureInfo.InvariantCulture);

    // Some servers write #5.1.0 or [5.1.1].
    [GeneratedRegex(@"^\s*[#(\[<]?\s*(?<class>[245])\.(?<subject>\d{1,3})\.(?<detail>\d{1,3})(?!\d)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}
