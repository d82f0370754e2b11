using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrain.House.Tests.Names;

/// <summary>Domain nouns and verbs. A type whose name ends like this has not found its noun yet.</summary>
internal static class NameRules
{
    private static readonly string[] Banned = ["Manager", "Helper", "Helpers", "Util", "Utils", "Service", "Processor", "Handler", "Base", "Impl", "Info", "Data", "Dto"];

    /// <summary>A framework's own base type may force its word on us: <c>ApiKeyHandler : AuthenticationHandler</c>.</summary>
    public static IEnumerable<string> EmptyWords(IReadOnlyList<SourceFile> files) =>
        from file in files
        from found in file.All<BaseTypeDeclarationSyntax>()
        let name = found.Node.Identifier.Text
        let word = Banned.FirstOrDefault(word => name.EndsWith(word, StringComparison.Ordinal))
        where word is not null && !BasesOf(found.Node).Any(parent => parent.EndsWith(word, StringComparison.Ordinal))
        select $"{found.Place}: {name} ends with {word}";

    private static IEnumerable<string> BasesOf(BaseTypeDeclarationSyntax type) =>
        type.BaseList?.Types.Select(parent => parent.Type.ToString().Split('<')[0]) ?? [];
}
