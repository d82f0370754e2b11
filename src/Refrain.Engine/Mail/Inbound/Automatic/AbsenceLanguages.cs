using Refrain.Engine.Mail.Inbound.Text;

namespace Refrain.Engine.Mail.Inbound.Automatic;

/// <summary>The words for being away, all languages together, and which language they were.</summary>
internal static class AbsenceLanguages
{
    private static readonly IReadOnlyList<PhraseFile> Files = PhraseFile.ReadLanguages("out-of-office");
    private static readonly Lazy<Language[]> Languages =
        new(() => [.. Files.Select(file => new Language(file.Language, new PhraseSet([.. file["absent"], .. file["hint"], .. file["formula"], .. file["automatic subject"]]), new PhraseSet(file["engaged"])))]);

    public static PhraseSet AutomaticSubjects { get; } = Union("automatic subject");

    public static PhraseSet Subjects { get; } = Union("subject");

    public static PhraseSet Absent { get; } = Union("absent");

    public static PhraseSet Hints { get; } = Union("hint");

    public static PhraseSet Formulas { get; } = Union("formula");

    /// <summary>The language with the most such words in it, or null where none has any.</summary>
    public static string? Of(string folded) => Weighed(folded).MaxBy(one => one.Weight) is { Weight: > 0 } heaviest ? heaviest.Language.Name : null;

    /// <summary>
    /// Whether somebody really answers in it: in the language of the absence, or in another that has nearly as many words there.
    /// What means an answer in one language may be an everyday word of another.
    /// </summary>
    public static bool IsEngaged(string folded)
    {
        var weighed = Weighed(folded);
        var most = weighed.Max(one => one.Weight);
        return Array.Exists(weighed, one => one.Weight * 2 >= most && one.Language.Engaged.IsIn(folded));
    }

    private static (Language Language, int Weight)[] Weighed(string folded) => Array.ConvertAll(Languages.Value, language => (language, WeightIn(folded, language)));

    private static int WeightIn(string folded, Language language)
    {
        var length = 0;
        foreach (var hit in language.Absence.FindAll(folded)) length += hit.Length;
        return length;
    }

    private static PhraseSet Union(string section) => new(Files.SelectMany(file => file[section]));

    private sealed record Language(string Name, PhraseSet Absence, PhraseSet Engaged);
}
