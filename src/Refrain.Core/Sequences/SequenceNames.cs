namespace Refrain.Core.Sequences;

/// <summary>Names of what belongs to a sequence, for the wire format and the database.</summary>
public static class SequenceNames
{
    private static readonly NameTable<StepKind> Kinds = new(WireName);
    private static readonly NameTable<ReaddRule> Rules = new(WireName);
    private static readonly NameTable<StalePolicy> Policies = new(WireName);
    private static readonly NameTable<OutcomeAction> Actions = new(WireName);

    /// <summary>The stable name in snake case.</summary>
    public static string WireName(this StepKind value) => value switch
    {
        StepKind.Email => "email",
        StepKind.ManualEmail => "manual_email",
        StepKind.Call => "call",
        StepKind.Todo => "todo",
        StepKind.Reminder => "reminder",
    };

    /// <summary>False when the name is none of ours.</summary>
    public static bool TryParse(string? name, out StepKind value) => Kinds.TryParse(name, out value);

    /// <summary>The stable name in snake case.</summary>
    public static string WireName(this ReaddRule value) => value switch
    {
        ReaddRule.Once => "once",
        ReaddRule.WhenNotActive => "when_not_active",
        ReaddRule.Any => "any",
    };

    /// <summary>False when the name is none of ours.</summary>
    public static bool TryParse(string? name, out ReaddRule value) => Rules.TryParse(name, out value);

    /// <summary>The stable name in snake case.</summary>
    public static string WireName(this StalePolicy value) => value switch
    {
        StalePolicy.Ask => "ask",
        StalePolicy.Send => "send",
        StalePolicy.Skip => "skip",
    };

    /// <summary>False when the name is none of ours.</summary>
    public static bool TryParse(string? name, out StalePolicy value) => Policies.TryParse(name, out value);

    /// <summary>The stable name in snake case.</summary>
    public static string WireName(this OutcomeAction value) => value switch
    {
        OutcomeAction.Continue => "continue",
        OutcomeAction.Unenroll => "unenroll",
    };

    /// <summary>False when the name is none of ours.</summary>
    public static bool TryParse(string? name, out OutcomeAction value) => Actions.TryParse(name, out value);
}
