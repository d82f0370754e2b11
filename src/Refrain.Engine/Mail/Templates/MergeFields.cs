using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace Refrain.Engine.Mail.Templates;

/// <summary>The names that a template knows: <c>contact.first_name</c> and so on, <c>contact.fields.anything</c>, <c>sender.name</c>.</summary>
internal static class MergeFields
{
    public const string Contact = "contact";
    public const string Sender = "sender";
    public const string Custom = "fields";

    private static readonly Dictionary<string, Func<MergeContact, string?>> OfContact = new()
    {
        ["first_name"] = contact => contact.FirstName,
        ["last_name"] = contact => contact.LastName,
        ["email"] = contact => contact.Email,
        ["company"] = contact => contact.Company,
        ["title"] = contact => contact.Title,
        ["phone"] = contact => contact.Phone,
    };

    private static readonly Dictionary<string, Func<MergeSender, string?>> OfSender = new()
    {
        ["name"] = sender => sender.Name,
        ["email"] = sender => sender.Email,
    };

    public static string AllNames { get; } =
        string.Join(", ", OfContact.Keys.Select(name => $"{Contact}.{name}").Append($"{Contact}.{Custom}.<name>").Concat(OfSender.Keys.Select(name => $"{Sender}.{name}")));

    public static bool Knows(string owner, string member) => owner switch
    {
        Contact => OfContact.ContainsKey(member),
        Sender => OfSender.ContainsKey(member),
        _ => false,
    };

    public static ScriptObject Values(MergeContact contact, MergeSender sender) => new()
    {
        [Contact] = new ValuesByName(member => OfContact.TryGetValue(member, out var read) ? read(contact) : null, new ValuesByName(name => contact.Fields.GetValueOrDefault(name))),
        [Sender] = new ValuesByName(member => OfSender.TryGetValue(member, out var read) ? read(sender) : null),
    };

    /// <summary>Tells the rendering where a value was read that is not there.</summary>
    private sealed class ValuesByName(Func<string, string?> read, ValuesByName? custom = null) : ScriptObject
    {
        public override bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object? value)
        {
            var text = member == Custom && custom is not null ? null : read(member);
            value = string.IsNullOrWhiteSpace(text) ? null : text;
            if (member == Custom && custom is not null)
                value = custom;
            if (value is null && context is MergeRendering rendering)
                rendering.NoValueAt(span.Start.Offset);
            return value is not null;
        }
    }
}
