namespace Refrain.Engine.Mail.Templates;

/// <summary>What a template may say of the contact. A blank value is a missing one.</summary>
public sealed record MergeContact(
    string? FirstName, string? LastName, string Email, string? Company, string? Title, string? Phone, IReadOnlyDictionary<string, string> Fields);

/// <summary>What a template may say of the sender.</summary>
public sealed record MergeSender(string Name, string Email);

/// <summary>What became of a template for one contact.</summary>
public abstract record RenderOutcome
{
    private RenderOutcome() { }

    /// <summary>The subject is one line; <paramref name="Html"/> is null when the template has none.</summary>
    public sealed record Rendered(string Subject, string Text, string? Html) : RenderOutcome;

    /// <summary>The contact lacks a value that the template shows and gives no fallback for: <c>contact.first_name</c>.</summary>
    public sealed record MissingField(string Name) : RenderOutcome;

    /// <summary>The template cannot be rendered for anybody, or went beyond a limit.</summary>
    public sealed record Broken(string Why) : RenderOutcome;
}
