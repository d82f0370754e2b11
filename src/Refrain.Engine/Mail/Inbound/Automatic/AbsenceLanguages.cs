using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Automatic;

/// <summary>The words for being away, all languages together, and which language they were.</summary>
internal static class AbsenceLanguages
{
    private static readonly IReadOnlyList<PhraseFile> Files = PhraseFile.ReadLanguages("out-of-office");
    private static readonly (string Language, PhraseSet Words)[] ByLanguage =
        [.. Files.Select(file => (file.Language, new PhraseSet([.. file["absent"], .. file["hint"], .. file["formula"], .. file["automatic subject"]])))];

    public static PhraseSet AutomaticSubjects { get; } = Union("automatic subject");

    public static PhraseSet Subjects { get; } = Union("subject");

    public static PhraseSet Absent { get; } = Union("absent");

    public static PhraseSet Hints { get; } = Union("hint");

    public static PhraseSet Formulas { get; } = Union("formula");

    /// <summary>The language with the most such words in it, or null where none has any.</summary>
    public static string? Of(string folded)
    {
        string? best = null;
        var most = 0;
        foreach (var (language, words) in ByLanguage)
        {
            var length = 0;
            foreach (var hit in words.FindAll(folded)) length += hit.Length;
            if (length <= most) continue;
            most = length;
            best = language;
        }

        return best;
    }

    private static PhraseSet Union(string section) => new(Files.SelectMany(file => file[section]));
}
