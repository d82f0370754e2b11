using System.Collections.Frozen;

namespace Refrain.Engine.Mail.Inbound.Text;

/// <summary>
/// One of the word lists under <c>Phrases/</c>, embedded in this assembly. A line is a phrase, <c>[name]</c> begins a section,
/// <c>#</c> a comment; <c>{a|b}</c> stands for either. Phrases are folded when they are read.
/// </summary>
internal sealed class PhraseFile
{
    private const string Folder = "Refrain.Engine.Mail.Inbound.Phrases.";
    private readonly FrozenDictionary<string, IReadOnlyList<string>> sections;

    private PhraseFile(string name, Dictionary<string, List<string>> sections)
    {
        Name = name;
        this.sections = sections.ToFrozenDictionary(pair => pair.Key, IReadOnlyList<string> (pair) => pair.Value);
    }

    public string Name { get; }

    public IReadOnlyList<string> this[string section] => sections.TryGetValue(section, out var phrases) ? phrases : [];

    public static PhraseFile Read(string name)
    {
        using var stream = typeof(PhraseFile).Assembly.GetManifestResourceStream(Folder + name + ".txt")
            ?? throw new InvalidOperationException($"The phrase list {name} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        var read = new Dictionary<string, List<string>> { [""] = [] };
        var current = read[""];
        while (reader.ReadLine() is { } line)
        {
            line = line.Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[0] == '[' && line[^1] == ']')
            {
                var section = line[1..^1];
                if (!read.TryGetValue(section, out current!)) read[section] = current = [];
                continue;
            }

            current.Add(Folding.Fold(line));
        }

        return new PhraseFile(name, read);
    }

    /// <summary>The files <c>topic.xx.txt</c>, one per language, in the order of their names.</summary>
    public static IReadOnlyList<PhraseFile> ReadLanguages(string topic) =>
        [.. typeof(PhraseFile).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder + topic + ".", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Read(name[Folder.Length..^".txt".Length]))];

    /// <summary>The language in the name: <c>de</c> of <c>out-of-office.de</c>.</summary>
    public string Language => Name[(Name.LastIndexOf('.') + 1)..];
}
