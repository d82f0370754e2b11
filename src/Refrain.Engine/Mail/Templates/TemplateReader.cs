using Refrain.Core;
using Scriban;
using Scriban.Parsing;
using Scriban.Syntax;

namespace Refrain.Engine.Mail.Templates;

/// <summary>
/// Reads a parsed template before anybody is mailed: what it may not say is a problem with its place, what it shows without a fallback is remembered.
/// Only what is listed here is allowed, so a new feature of the parser is not a new feature of ours.
/// </summary>
internal sealed partial class TemplateReader
{
    private const int Longest = 200_000;

    // All that is nested or chained is parsed and rendered by recursion; this keeps both far from the end of the stack.
    private static readonly ParserOptions Limits = new() { ExpressionDepthLimit = 60 };

    private readonly string field;
    private readonly List<Problem> problems = [];
    private readonly Dictionary<int, string> needed = [];
    private readonly HashSet<string> variables = [];

    private TemplateReader(string field) => this.field = field;

    /// <summary><paramref name="field"/> is what the caller calls the part, for the problems.</summary>
    public static TemplatePart Read(string field, string text, bool isHtml)
    {
        var reader = new TemplateReader(field);
        if (text.Length > Longest)
            reader.problems.Add(new(field, "template_too_long", $"a template is at most {Longest} characters long, this one {text.Length}"));
        var parsed = Parse(reader, text.Length > Longest ? "" : text);
        foreach (var message in parsed.Messages)
            reader.Report(message.Span, "template_syntax", message.Message.Trim());
        if (reader.problems.Count == 0)
            reader.Visit(parsed.Page);
        return new(parsed, isHtml, reader.problems, reader.needed);
    }

    // The parser throws for an include with a list of parameters; includes are not allowed anyway.
    private static Template Parse(TemplateReader reader, string text)
    {
        try
        {
            return Template.ParseLiquid(text, parserOptions: Limits);
        }
        catch (InvalidOperationException confused)
        {
            reader.problems.Add(new(reader.field, "template_syntax", $"the template cannot be read: {confused.Message}"));
            return Template.ParseLiquid("", parserOptions: Limits);
        }
    }

    private void Visit(ScriptNode? node)
    {
        switch (node)
        {
            case null or ScriptRawStatement or ScriptEscapeStatement or ScriptEndStatement or ScriptNopStatement or ScriptBreakStatement or ScriptContinueStatement:
                break;
            case ScriptPage page:
                Visit(page.Body);
                break;
            case ScriptBlockStatement block:
                foreach (var statement in block.Statements)
                    Visit(statement);
                break;
            case ScriptExpressionStatement { Expression: ScriptAssignExpression assign }:
                Assign(assign);
                break;
            case ScriptExpressionStatement shown:
                Show(shown.Expression);
                break;
            case ScriptIfStatement condition:
                Branch(condition);
                break;
            case ScriptElseStatement otherwise:
                Visit(otherwise.Body);
                break;
            case ScriptCaseStatement choice:
                Test(choice.Value);
                Visit(choice.Body);
                break;
            case ScriptWhenStatement matching:
                foreach (var value in matching.Values)
                    Test(value);
                Visit(matching.Body);
                Visit(matching.Next);
                break;
            case ScriptForStatement and not ScriptTableRowStatement:
                Repeat((ScriptForStatement)node);
                break;
            default:
                Report(node.Span, "unknown_tag", "this tag is not allowed; there are if, unless, case, for, assign, comment and raw");
                break;
        }
    }

    private void Branch(ScriptIfStatement condition)
    {
        Test(condition.Condition);
        Visit(condition.Then);
        Visit(condition.Else);
    }

    private void Assign(ScriptAssignExpression assign)
    {
        if (assign.Target is ScriptVariableGlobal variable && !IsTaken(variable.Name))
            variables.Add(variable.Name);
        else
            Report(assign.Span, "unknown_tag", "assign takes a new name, which is neither a field, a filter nor a word of Liquid");
        Show(assign.Value);
    }

    private void Repeat(ScriptForStatement loop)
    {
        if (loop.Variable is ScriptVariableGlobal variable && !IsTaken(variable.Name))
            variables.UnionWith([variable.Name, "for"]);
        else
            Report(loop.Span, "unknown_tag", "for takes a new name, which is neither a field, a filter nor a word of Liquid");
        // Fields are texts: a range is all that can be gone through.
        if (loop is { Iterator: ScriptNestedExpression { Expression: ScriptBinaryExpression { Operator: ScriptBinaryOperator.RangeInclude } range }, NamedArguments.Count: 0 })
        {
            Test(range.Left);
            Test(range.Right);
        }
        else
        {
            Report(loop.Span, "unknown_tag", "for goes through a range, like (1..3), without further words");
        }
        Visit(loop.Body);
        Visit(loop.Else);
    }

    private static bool IsTaken(string name) => name is MergeFields.Contact or MergeFields.Sender or "for" || Words.Contains(name) || Filters.Find(name) is not null;

    private void Report(SourceSpan place, string code, string message) =>
        problems.Add(new(field, code, place.Start.Line < 0 ? $"at the end: {message}" : $"line {place.Start.Line + 1}, column {place.Start.Column + 1}: {message}"));
}
