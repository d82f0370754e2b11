using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Refrain.House.Tests.References;

/// <summary>Who may know whom. A reference that Core lacks is an I/O that it cannot do.</summary>
internal static class ReferenceRules
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Refrain.Contracts"] = [],
        ["Refrain.Core"] = ["NodaTime"],
        ["Refrain.Engine"] = ["Refrain.Core", "Refrain.Contracts"],
        ["Refrain.Server"] = ["Refrain.Engine", "Refrain.Core", "Refrain.Contracts"],
        ["Refrain.Cli"] = ["Refrain.Engine", "Refrain.Core", "Refrain.Contracts"],
    };

    private static readonly string[] PackagesAreListed = ["Refrain.Contracts", "Refrain.Core"];

    private static readonly string[] Impure = ["System.Net", "System.Data", "System.Threading.Tasks", "System.Diagnostics.Process", "Microsoft"];

    private static readonly string[] ImpureTypes =
    [
        "System.TimeProvider", "System.Random", "System.IO.File", "System.IO.FileStream", "System.IO.FileInfo", "System.IO.Directory",
        "System.Diagnostics.Stopwatch", "NodaTime.SystemClock", "NodaTime.IClock",
    ];

    /// <summary>References between projects, and for the two at the bottom also to packages, that are not in the plan of the house.</summary>
    public static IEnumerable<string> Forbidden(IReadOnlyList<SourceFile> projects) =>
        from project in projects
        let name = Path.GetFileNameWithoutExtension(project.Path)
        from reference in ReferencesOf(project, name)
        where !Allowed.TryGetValue(name, out var allowed) || !allowed.Contains(reference)
        select $"{project.Path} references {reference}";

    /// <summary>What an assembly uses of the world outside: files, network, clocks, chance, tasks.</summary>
    public static IReadOnlyList<string> UsesOfTheWorld(Stream assembly)
    {
        using var file = new PEReader(assembly);
        var metadata = file.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => (Space: metadata.GetString(type.Namespace), Name: metadata.GetString(type.Name)))
            .Where(type => IsImpure(type.Space, type.Name)).Select(type => $"{type.Space}.{type.Name}")];
    }

    private static bool IsImpure(string space, string name) =>
        ImpureTypes.Contains($"{space}.{name}") || Impure.Any(impure => IsWithin(space, impure)) && !IsCompilers(space);

    private static IEnumerable<string> ReferencesOf(SourceFile project, string name)
    {
        var xml = XDocument.Parse(project.Text);
        var projects = xml.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        var packages = xml.Descendants().Where(element => element.Name == "PackageReference" || element.Name == "FrameworkReference")
            .Select(reference => reference.Attribute("Include")!.Value);
        return PackagesAreListed.Contains(name) ? projects.Concat(packages) : projects;
    }

    private static bool IsWithin(string space, string outer) => space == outer || space.StartsWith(outer + ".", StringComparison.Ordinal);

    /// <summary>Attributes that the compiler embeds.</summary>
    private static bool IsCompilers(string space) => IsWithin(space, "Microsoft.CodeAnalysis");
}
