using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrain.House.Tests.Sizes;

/// <summary>What fits on a screen is read; what does not is scrolled past.</summary>
internal static class SizeRules
{
    public const int LinesOfAFile = 250;
    public const int LinesOfAMethod = 60;
    public const int LinesOfAPage = 120;
    public const int MedianOfFiles = 70;

    public static IEnumerable<string> LongFiles(IReadOnlyList<SourceFile> files) => LongerThan(LinesOfAFile, files);

    public static IEnumerable<string> LongPages(IReadOnlyList<SourceFile> files) => LongerThan(LinesOfAPage, files);

    public static IEnumerable<string> LongPrograms(IReadOnlyList<SourceFile> files) =>
        LongerThan(LinesOfAMethod, [.. files.Where(file => file.All<GlobalStatementSyntax>().Any())]);

    public static IEnumerable<string> LongMethods(IReadOnlyList<SourceFile> files) =>
        from file in files
        from found in Bodies(file)
        let span = found.GetLocation().GetLineSpan()
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > LinesOfAMethod
        select $"{file.Place(found.GetLocation())} has {lines} lines, more than {LinesOfAMethod}";

    public static int Median(IReadOnlyList<SourceFile> files) => files.Select(file => file.Lines).Order().ElementAt(files.Count / 2);

    private static IEnumerable<string> LongerThan(int limit, IReadOnlyList<SourceFile> files) =>
        files.Where(file => file.Lines > limit).Select(file => $"{file.Path} has {file.Lines} lines, more than {limit}");

    private static IEnumerable<SyntaxNode> Bodies(SourceFile file) =>
        file.Syntax.DescendantNodes().Where(node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            || node is PropertyDeclarationSyntax { ExpressionBody: not null });
}
