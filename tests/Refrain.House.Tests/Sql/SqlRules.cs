using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrain.House.Tests.Sql;

/// <summary>SQL stands in the Engine, beside its one caller, under a name that says so; tables are made in migrations only.</summary>
internal static partial class SqlRules
{
    public static IEnumerable<string> Misplaced(IReadOnlyList<SourceFile> files) =>
        from file in files
        from text in Texts(file)
        where Statement.IsMatch(text.Value) && !IsAtHome(file, text.Token.Parent!)
        select $"{file.Place(text.Token.GetLocation())}: SQL outside a const …Sql of the Engine";

    public static IEnumerable<string> TablesOutsideMigrations(IReadOnlyList<SourceFile> files) =>
        from file in files
        from text in Texts(file)
        where Definition.IsMatch(text.Value)
        select $"{file.Place(text.Token.GetLocation())}: tables are made in Storage/Migrations";

    public static IEnumerable<string> MigrationsElsewhere(IReadOnlyList<SourceFile> files) =>
        files.Where(file => !MigrationName.IsMatch(file.Path)).Select(file => $"{file.Path} is not Storage/Migrations/NNNN_name.{{sqlite,postgres}}.sql");

    /// <summary>How many statements the rule recognises: a rule that recognises none checks nothing.</summary>
    public static int Statements(IReadOnlyList<SourceFile> files) => files.Sum(file => Texts(file).Count(text => Statement.IsMatch(text.Value)));

    private static IEnumerable<(SyntaxToken Token, string Value)> Texts(SourceFile file) =>
        from token in file.Syntax.DescendantTokens()
        where token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken)
            || token.IsKind(SyntaxKind.SingleLineRawStringLiteralToken) || token.IsKind(SyntaxKind.InterpolatedStringTextToken)
        select (token, token.ValueText);

    private static bool IsAtHome(SourceFile file, SyntaxNode text) =>
        file.Path.StartsWith("src/Refrain.Engine/", StringComparison.Ordinal) && (IsComposed(text) || text.Ancestors().Any(IsNamedSql));

    /// <summary>With holes that are filled at run time, where the databases differ, it cannot be a constant.</summary>
    private static bool IsComposed(SyntaxNode text) =>
        text.AncestorsAndSelf().OfType<InterpolatedStringExpressionSyntax>().Any(whole => whole.Contents.Any(part => part is InterpolationSyntax));

    /// <summary>A constant; or a member that gives the one or the other database's statement and so cannot be one.</summary>
    private static bool IsNamedSql(SyntaxNode node) => node switch
    {
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword) && EndsWithSql(field.Declaration.Variables[0].Identifier),
        LocalDeclarationStatementSyntax local => local.IsConst && EndsWithSql(local.Declaration.Variables[0].Identifier),
        PropertyDeclarationSyntax property => EndsWithSql(property.Identifier),
        MethodDeclarationSyntax method => EndsWithSql(method.Identifier),
        _ => false,
    };

    private static bool EndsWithSql(SyntaxToken name) => name.Text.EndsWith("Sql", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*(select\s.*\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+(\s+\w+)?\s+set\s|delete\s+from\s|with\s+(recursive\s+)?\w+\s*(\([\w\s,]+\)\s*)?as\s*\()", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Statement { get; }

    [GeneratedRegex(@"^\s*(create\s+(unique\s+)?(table|index)|alter\s+table|drop\s+(table|index))\s", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Definition { get; }

    [GeneratedRegex(@"^src/Refrain\.Engine/Storage/Migrations/\d{4}_\w+\.(sqlite|postgres)\.sql$", RegexOptions.ExplicitCapture)]
    private static partial Regex MigrationName { get; }
}
