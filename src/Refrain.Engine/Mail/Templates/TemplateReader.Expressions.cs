using Scriban.Syntax;

namespace Refrain.Engine.Mail.Templates;

internal sealed partial class TemplateReader
{
    private static readonly HashSet<string> Words = ["blank", "empty", "nil", "null", "true", "false"];

    private static readonly HashSet<ScriptBinaryOperator> Comparisons =
    [
        ScriptBinaryOperator.And, ScriptBinaryOperator.Or, ScriptBinaryOperator.CompareEqual, ScriptBinaryOperator.CompareNotEqual,
        ScriptBinaryOperator.CompareLess, ScriptBinaryOperator.CompareLessOrEqual, ScriptBinaryOperator.CompareGreater, ScriptBinaryOperator.CompareGreaterOrEqual,
        ScriptBinaryOperator.LiquidContains,
    ];

    /// <summary>An expression whose value is shown or kept: its fields are needed, unless a fallback follows.</summary>
    private void Show(ScriptNode? expression) => Read(expression, needs: true);

    /// <summary>An expression that only decides: a missing field is an answer too.</summary>
    private void Test(ScriptNode? expression) => Read(expression, needs: false);

    private void Read(ScriptNode? expression, bool needs)
    {
        switch (expression)
        {
            case null or ScriptLiteral:
                break;
            case ScriptNestedExpression nested:
                Read(nested.Expression, needs);
                break;
            case ScriptPipeCall pipe:
                ReadChain(pipe, needs);
                break;
            case ScriptMemberExpression or ScriptIndexerExpression:
                ReadField(expression, needs);
                break;
            case ScriptVariableGlobal variable when variables.Contains(variable.Name) || Words.Contains(variable.Name):
                break;
            case ScriptVariableGlobal variable:
                ReportField(expression, variable.Name);
                break;
            case ScriptUnaryExpression { Operator: ScriptUnaryOperator.Not } unary:
                Test(unary.Right);
                break;
            // Of anything but a number there is no negative, and rendering would fail.
            case ScriptUnaryExpression { Operator: ScriptUnaryOperator.Negate, Right: ScriptLiteral { Value: int or long or float or double or decimal } }:
                break;
            case ScriptBinaryExpression comparison when Comparisons.Contains(comparison.Operator):
                Test(comparison.Left);
                Test(comparison.Right);
                break;
            case ScriptFunctionCall call:
                Report(call.Span, "unknown_tag", $"{call.Target} is no tag, and a filter stands behind a | only");
                break;
            default:
                Report(expression.Span, "template_syntax", $"{expression} is not allowed here");
                break;
        }
    }

    private void ReadChain(ScriptPipeCall pipe, bool needs)
    {
        var calls = new List<ScriptNode?>();
        ScriptNode? rest = pipe.To;
        for (; rest is ScriptPipeCall next; rest = next.To)
            calls.Add(next.From);
        calls.Add(rest);
        var lastFallback = calls.FindLastIndex(call => NameOf(call) == Filters.Default);
        Read(pipe.From, needs && lastFallback < 0);
        for (var index = 0; index < calls.Count; index++)
            ReadFilter(calls[index], needs, index < lastFallback, index == lastFallback);
    }

    private void ReadFilter(ScriptNode? call, bool needs, bool fallbackFollows, bool isLastFallback)
    {
        if (call is null)
            return;
        var (name, arguments) = (NameOf(call), call is ScriptFunctionCall { Arguments: var given } ? given.ToList() : []);
        if (Filters.Find(name) is not { } filter)
            Report(call.Span, "unknown_filter", $"there is no filter {name}; there are {Filters.AllNames}");
        else if (arguments.Count < filter.Least || arguments.Count > filter.Most)
            Report(call.Span, "wrong_arguments", $"the filter {name} takes {Range(filter)}, not {arguments.Count}");
        foreach (var argument in arguments)
            Read(argument, needs && !fallbackFollows && name != Filters.Default);
        // "default: contact.company" helps only those who have a company.
        if (needs && isLastFallback && arguments is [ScriptMemberExpression or ScriptIndexerExpression] && FieldName(arguments[0]) is { } field)
            needed[call.Span.Start.Offset] = field;
    }

    private static string Range(Filter filter) => filter.Least == filter.Most ? $"{filter.Least} arguments" : $"{filter.Least} to {filter.Most} arguments";

    private static string NameOf(ScriptNode? call) => (call is ScriptFunctionCall { Target: { } target } ? target : call)?.ToString() ?? "";

    private void ReadField(ScriptNode expression, bool needs)
    {
        // forloop.index and the like.
        if (expression is ScriptMemberExpression { Target: ScriptVariableGlobal { Name: "for" } })
            return;
        if (FieldName(expression) is not { } name)
            ReportField(expression, expression.ToString() ?? "");
        else if (needs)
            needed[expression is ScriptMemberExpression { Member: { } member } ? member.Span.Start.Offset : ((ScriptIndexerExpression)expression).Index!.Span.Start.Offset] = name;
    }

    private void ReportField(ScriptNode place, string name) => Report(place.Span, "unknown_field", $"there is no field {name}; there are {MergeFields.AllNames}");

    /// <summary>Null when there is no such field.</summary>
    private static string? FieldName(ScriptNode? expression) => expression switch
    {
        ScriptMemberExpression { Target: ScriptVariableGlobal owner, Member: { } member } when MergeFields.Knows(owner.Name, member.Name) => $"{owner.Name}.{member.Name}",
        ScriptMemberExpression { Target: { } target, Member: { } member } when IsCustom(target) => $"{MergeFields.Contact}.{MergeFields.Custom}.{member.Name}",
        ScriptIndexerExpression { Target: { } target, Index: ScriptLiteral { Value: string name } } when IsCustom(target) => $"{MergeFields.Contact}.{MergeFields.Custom}.{name}",
        _ => null,
    };

    private static bool IsCustom(ScriptNode target) =>
        target is ScriptMemberExpression { Target: ScriptVariableGlobal { Name: MergeFields.Contact }, Member.Name: MergeFields.Custom };
}
