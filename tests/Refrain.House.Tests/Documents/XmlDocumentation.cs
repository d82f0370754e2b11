using System.Reflection;
using System.Xml.Linq;

namespace Refrain.House.Tests.Documents;

/// <summary>Which members of Core have a sentence in the documentation file that the compiler writes.</summary>
internal static class XmlDocumentation
{
    public static XDocument OfCore() => XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Refrain.Core.xml"));

    public static IEnumerable<string> Undocumented(IReadOnlyList<string> members, XDocument documentation)
    {
        var described = documentation.Descendants("member").Where(member => member.Element("summary") is { } summary && summary.Value.Trim().EndsWith('.'))
            .Select(member => member.Attribute("name")!.Value).ToHashSet();
        return members.Where(member => !described.Contains(member)).Select(member => $"{member} has no sentence");
    }

    public static string IdOf(Type type) => $"T:{type.FullName!.Replace('+', '.')}";

    public static IReadOnlyList<string> IdsOfMembers(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"F:{type.FullName}.{field.Name}")];

    public static IReadOnlyList<Type> Heirs(Type type) => [.. type.Assembly.GetTypes().Where(heir => heir.IsSubclassOf(type) && !heir.IsAbstract)];
}
