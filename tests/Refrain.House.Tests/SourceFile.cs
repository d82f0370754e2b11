using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Refrain.House.Tests;

/// <summary>A file of the project as the rules see it. <paramref name="Path"/>: from the solution's folder, with slashes.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    private SyntaxNode? syntax;

    public SyntaxNode Syntax => syntax ??= CSharpSyntaxTree.ParseText(Text, path: Path).GetRoot();

    public string Name => System.IO.Path.GetFileName(Path);

    public int Lines => Text.AsSpan().Count('\n') + (Text.EndsWith('\n') ? 0 : 1);

    /// <summary>All nodes of a kind, each with its place as an editor opens it.</summary>
    public IEnumerable<(T Node, string Place)> All<T>()
        where T : SyntaxNode =>
        Syntax.DescendantNodes().OfType<T>().Select(node => (node, Place(node.GetLocation())));

    public string Place(Location location) => $"{Path}:{location.GetLineSpan().StartLinePosition.Line + 1}";
}
