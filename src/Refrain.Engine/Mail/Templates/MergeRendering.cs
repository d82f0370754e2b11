using System.Net;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Refrain.Engine.Mail.Templates;

/// <summary>
/// One rendering of one part. A field counts as missing when its value was really read where the template needs one: what stands in a branch that is not
/// taken is not missed.
/// </summary>
internal sealed class MergeRendering : TemplateContext
{
    /// <summary>Of a part, and of any string on the way, in characters.</summary>
    public const int Longest = 1_000_000;

    private readonly IReadOnlyDictionary<int, string> needed;
    private readonly bool escape;
    private readonly List<string> missing = [];

    public MergeRendering(TemplatePart part, ScriptObject values)
        : base(Filters.Builtins)
    {
        needed = part.Needed;
        escape = part.IsHtml;
        Language = ScriptLang.Liquid;
        EnableRelaxedTargetAccess = true;
        EnableRelaxedMemberAccess = true;
        EnableBreakAndContinueAsReturnOutsideLoop = true;
        AutoIndent = false;
        LoopLimit = 1000;
        LimitToString = Longest;
        PushCulture(System.Globalization.CultureInfo.InvariantCulture);
        PushGlobal(values);
    }

    /// <summary>In the order in which they were missed.</summary>
    public IReadOnlyList<string> Missing => missing;

    public void NoValueAt(int offset)
    {
        if (needed.TryGetValue(offset, out var name) && !missing.Contains(name))
            missing.Add(name);
    }

    /// <summary>What the template itself says is written by other overloads; what it merges in comes through here.</summary>
    public override TemplateContext Write(SourceSpan span, object? textAsObject) =>
        escape && textAsObject is not null ? base.Write(span, WebUtility.HtmlEncode(ObjectToString(textAsObject))) : base.Write(span, textAsObject);

    /// <summary>Liquid: only nil and false are false. An empty answer of a filter is false too, as an empty field is.</summary>
    public override bool ToBool(SourceSpan span, object? value) => value is not "" && base.ToBool(span, value);

    public static ScriptRuntimeException TooLong(SourceSpan span) => new(span, $"a text became longer than {Longest} characters");
}
