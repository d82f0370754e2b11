using System.Text;

namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>Folded text without accents, as people type in a hurry: <c>désinscrire</c> and <c>desinscrire</c> are one word.</summary>
internal static class PlainLetters
{
    private const char FirstAccented = '\u00df';
    private const char LastLatin = '\u024f';
    private static readonly char[] Plain = [.. Enumerable.Range(0, LastLatin + 1).Select(code => Without((char)code))];

    public static string In(string folded)
    {
        if (folded.AsSpan().IndexOfAnyInRange(FirstAccented, '\u0451') < 0) return folded;
        return string.Create(folded.Length, folded, static (plain, source) =>
        {
            for (var index = 0; index < plain.Length; index++) plain[index] = Of(source[index]);
        });
    }

    private static char Of(char c) => c switch
    {
        < FirstAccented => c,
        <= LastLatin => Plain[c],
        '\u0451' => '\u0435',
        _ => c,
    };

    private static char Without(char c) => c switch
    {
        '\u00df' => 's',
        '\u00f8' => 'o',
        '\u0111' => 'd',
        '\u0131' => 'i',
        '\u0142' => 'l',
        _ => char.IsLetter(c) ? c.ToString().Normalize(NormalizationForm.FormD)[0] : c,
    };
}
