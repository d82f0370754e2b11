namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>
/// Long words in a hurry: <c>unsubcribe</c> is read as <c>unsubscribe</c>. The first two letters must be right, and at most two of the
/// others may be missing, too many, wrong or changed in order, so that <c>subscribe</c> stays what it is.
/// </summary>
internal sealed class Misspellings(IReadOnlyList<string> words, IReadOnlyList<string> ownWords)
{
    private const int MostMistakes = 2;
    private readonly HashSet<string> known = [.. words, .. ownWords];

    public string Mend(string text)
    {
        if (text.Length == 0) return text;
        var tokens = text.Split(' ');
        for (var index = 0; index < tokens.Length; index++)
        {
            var bare = tokens[index].Trim('.', ',', '!', '?', ';', ':', '(', ')', '\n');
            if (bare.Length < 2 || known.Contains(bare)) continue;
            if (Meant(bare) is { } word) tokens[index] = tokens[index].Replace(bare, word, StringComparison.Ordinal);
        }

        return string.Join(' ', tokens);
    }

    private string? Meant(string token)
    {
        foreach (var word in words)
        {
            if (Math.Abs(word.Length - token.Length) <= MostMistakes && token[0] == word[0] && token[1] == word[1] && Mistakes(token, word) <= MostMistakes) return word;
        }

        return null;
    }

    /// <summary>The distance of Damerau and Levenshtein: two letters that changed places are one mistake.</summary>
    private static int Mistakes(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var changed = left[i - 1] == right[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + changed);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[left.Length, right.Length];
    }
}
