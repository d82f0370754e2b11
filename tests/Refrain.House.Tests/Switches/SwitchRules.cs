using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrain.House.Tests.Switches;

/// <summary>A closed set is closed for the compiler: a switch over one of our enums names each member, so a new one is an error where it is forgotten.</summary>
internal static class SwitchRules
{
    /// <summary>Switches that name members of an enum of ours and catch the rest.</summary>
    public static IEnumerable<string> OpenSwitches(IReadOnlyList<SourceFile> files)
    {
        var enums = files.SelectMany(file => file.All<EnumDeclarationSyntax>()).Select(found => found.Node.Identifier.Text).ToHashSet();
        return from file in files
               from place in Switches(file).Where(one => CatchesTheRest(one) && NamesMemberOf(one, enums)).Select(one => file.Place(one.GetLocation()))
               select $"{place}: a switch over our enum that catches the rest";
    }

    /// <summary>The machine decides by name only, whatever it switches over.</summary>
    public static IEnumerable<string> RestInTheMachine(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.Name.StartsWith("EnrollmentMachine", StringComparison.Ordinal)
        from one in Switches(file)
        where CatchesTheRest(one)
        select $"{file.Place(one.GetLocation())}: the machine names every case";

    private static IEnumerable<SyntaxNode> Switches(SourceFile file) =>
        file.Syntax.DescendantNodes().Where(node => node is SwitchExpressionSyntax or SwitchStatementSyntax);

    private static bool CatchesTheRest(SyntaxNode node) => node switch
    {
        SwitchExpressionSyntax expression => expression.Arms.Any(arm => arm.Pattern is DiscardPatternSyntax or VarPatternSyntax && arm.WhenClause is null),
        SwitchStatementSyntax statement => statement.Sections.Any(section => section.Labels.Any(label => label is DefaultSwitchLabelSyntax)),
        _ => false,
    };

    private static bool NamesMemberOf(SyntaxNode node, HashSet<string> enums) => node switch
    {
        SwitchExpressionSyntax expression => expression.Arms.SelectMany(arm => Constants(arm.Pattern)).Any(constant => IsMember(constant, enums)),
        SwitchStatementSyntax statement => statement.Sections.SelectMany(section => section.Labels).OfType<CaseSwitchLabelSyntax>()
            .Any(label => IsMember(label.Value, enums)),
        _ => false,
    };

    /// <summary>The constants that a pattern compares the whole value with: <c>A.X</c>, <c>A.X or A.Y</c>.</summary>
    private static IEnumerable<ExpressionSyntax> Constants(PatternSyntax pattern) => pattern switch
    {
        ConstantPatternSyntax constant => [constant.Expression],
        BinaryPatternSyntax both => Constants(both.Left).Concat(Constants(both.Right)),
        ParenthesizedPatternSyntax inner => Constants(inner.Pattern),
        _ => [],
    };

    private static bool IsMember(ExpressionSyntax constant, HashSet<string> enums) =>
        constant is MemberAccessExpressionSyntax { Expression: var owner } && enums.Contains(owner.ToString().Split('.')[^1]);
}
