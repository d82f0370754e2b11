using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrain.House.Tests.Exceptions;

/// <summary>What is expected is a value; what is broken is thrown, and caught once, by the loop, whose lease tries again.</summary>
internal static class ExceptionRules
{
    private static readonly string[] Unfinished = ["TODO", "FIXME", "HACK", "XXX"];

    public static IEnumerable<string> CatchAll(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.Name != "Loop.cs"
        from found in file.All<CatchClauseSyntax>()
        where found.Node.Declaration?.Type.ToString() is null or "Exception" or "System.Exception" && !NamesKinds(found.Node)
        select $"{found.Place}: only Loop.cs catches everything";

    public static IEnumerable<string> Swallowed(IReadOnlyList<SourceFile> files) =>
        from file in files
        from found in file.All<CatchClauseSyntax>()
        where found.Node.Block.Statements.Count == 0 && !(found.Node.Declaration is not null && IsExplained(found.Node.Block))
        select $"{found.Place}: an exception is swallowed";

    public static IEnumerable<string> NotFinished(IReadOnlyList<SourceFile> files) =>
        from file in files
        from place in Notes(file).Concat(Stubs(file))
        select $"{place}: unfinished";

    /// <summary><c>catch (Exception broken) when (broken is IOException or DbException)</c>: one treatment for several named failures.</summary>
    private static bool NamesKinds(CatchClauseSyntax clause) =>
        clause.Filter?.FilterExpression is IsPatternExpressionSyntax { Expression: IdentifierNameSyntax one } && one.Identifier.Text == clause.Declaration!.Identifier.Text;

    /// <summary>A named failure that is expected, with a comment that says why nothing is to be done.</summary>
    private static bool IsExplained(BlockSyntax block) => block.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia));

    private static IEnumerable<string> Notes(SourceFile file) =>
        from trivia in file.Syntax.DescendantTrivia(descendIntoTrivia: true)
        where trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
        where Unfinished.Any(word => trivia.ToString().Contains(word, StringComparison.Ordinal))
        select file.Place(trivia.GetLocation());

    /// <summary>A member that does nothing but say that it does nothing.</summary>
    private static IEnumerable<string> Stubs(SourceFile file) =>
        from found in file.All<ObjectCreationExpressionSyntax>()
        where found.Node.Type.ToString() == nameof(NotImplementedException)
            || found.Node.Type.ToString() == nameof(NotSupportedException) && found.Node.Parent?.Parent is ArrowExpressionClauseSyntax
        select found.Place;
}
