using System.Globalization;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Refrain.Engine.Mail.Templates;

/// <summary>The filters of a template, by their Liquid names. There are no others: nothing here reads a file, a clock or the network.</summary>
internal static class Filters
{
    public const string Default = "default";

    private static readonly Dictionary<string, Filter> All = new Filter[]
    {
        new(Default, 1, 1, (text, arguments) => string.IsNullOrWhiteSpace(text) ? arguments[0] : text),
        new("upcase", 0, 0, (text, _) => text.ToUpperInvariant()),
        new("downcase", 0, 0, (text, _) => text.ToLowerInvariant()),
        new("capitalize", 0, 0, (text, _) => Capitalize(text)),
        new("strip", 0, 0, (text, _) => text.Trim()),
        new("append", 1, 1, (text, arguments) => text + arguments[0]),
        new("prepend", 1, 1, (text, arguments) => arguments[0] + text),
        new("replace", 2, 2, (text, arguments) => Replace(text, arguments[0], arguments[1])),
        new("remove", 1, 1, (text, arguments) => Replace(text, arguments[0], "")),
        new("truncate", 1, 2, (text, arguments) => Truncate(text, arguments)),
        new("first_word", 0, 0, (text, _) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("")),
        new("date", 1, 1, (text, arguments) => DateFormat.Apply(text, arguments[0])),
        new("url_encode", 0, 0, (text, _) => Uri.EscapeDataString(text)),
    }.ToDictionary(filter => filter.Name);

    public static string AllNames { get; } = string.Join(", ", All.Keys.Order(StringComparer.Ordinal));

    public static ScriptObject Builtins { get; } = MakeBuiltins();

    public static Filter? Find(string name) => All.GetValueOrDefault(name);

    private static ScriptObject MakeBuiltins()
    {
        var builtins = new ScriptObject();
        foreach (var filter in All.Values)
            builtins.SetValue(filter.Name, filter, readOnly: true);
        return builtins;
    }

    private static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    // Looked at before: a million letters, each replaced by a million others, would not come back.
    private static string Replace(string text, string old, string fresh)
    {
        if (old.Length == 0)
            return text;
        if (text.Length + ((long)text.AsSpan().Count(old) * fresh.Length) > MergeRendering.Longest)
            throw MergeRendering.TooLong(default);
        return text.Replace(old, fresh, StringComparison.Ordinal);
    }

    private static string Truncate(string text, IReadOnlyList<string> arguments)
    {
        var ellipsis = arguments.Count > 1 ? arguments[1] : "...";
        if (!int.TryParse(arguments[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out var length) || text.Length <= length)
            return text;
        return text[..Math.Clamp(length - ellipsis.Length, 0, text.Length)] + ellipsis;
    }
}

/// <summary>One filter: from a text and its arguments, of which there are so many, to a text.</summary>
internal sealed class Filter(string name, int least, int most, Func<string, IReadOnlyList<string>, string> apply) : IScriptCustomFunction
{
    public string Name => name;

    public int Least => least;

    public int Most => most;

    public int RequiredParameterCount => least + 1;

    public int ParameterCount => most + 1;

    public ScriptVarParamKind VarParamKind => ScriptVarParamKind.None;

    public Type ReturnType => typeof(object);

    public ScriptParameterInfo GetParameterInfo(int index) => new(typeof(object), $"argument{index}");

    public object? Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement)
    {
        // Optional arguments that were not given come as null; one that was given and is null is an empty text.
        var texts = arguments.Where((argument, index) => index <= least || argument is not null).Select(argument => context.ObjectToString(argument) ?? "").ToList();
        if (texts.Count <= least)
            throw new ScriptRuntimeException(context.CurrentSpan, $"the filter {name} needs more arguments");
        var text = apply(texts[0], texts[1..]);
        if (text.Length > MergeRendering.Longest)
            throw MergeRendering.TooLong(context.CurrentSpan);
        if (string.IsNullOrWhiteSpace(text) && name == Filters.Default && callerContext is not null)
            (context as MergeRendering)?.NoValueAt(callerContext.Span.Start.Offset);
        return text;
    }

    public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        new(Invoke(context, callerContext, arguments, blockStatement));
}
