using System.Diagnostics.CodeAnalysis;

namespace Refrain.Core;

/// <summary>Ids are opaque outside: 32 hexadecimal digits of a UUID version 7 (RFC 9562), so that they sort by age.</summary>
internal static class Ids
{
    public static string Text(Guid value) => value.ToString("N");

    public static bool TryParse([NotNullWhen(true)] string? text, out Guid value) => Guid.TryParseExact(text, "N", out value);
}

/// <summary>The tenant. Every row belongs to one.</summary>
public readonly record struct WorkspaceId(Guid Value)
{
    public static WorkspaceId New() => new(Guid.CreateVersion7());
    public override string ToString() => Ids.Text(Value);
}

/// <summary>A person in a workspace who signs in, owns mailboxes and does tasks.</summary>
public readonly record struct UserId(Guid Value)
{
    public static UserId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out UserId id) { var right = Ids.TryParse(text, out var value); id = new(value); return right; }
    public override string ToString() => Ids.Text(Value);
}

/// <summary>An SMTP and IMAP account that a user sends from.</summary>
public readonly record struct MailboxId(Guid Value)
{
    public static MailboxId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out MailboxId id) { var right = Ids.TryParse(text, out var value); id = new(value); return right; }
    public override string ToString() => Ids.Text(Value);
}

/// <summary>A person whom sequences write to.</summary>
public readonly record struct ContactId(Guid Value)
{
    public static ContactId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out ContactId id) { var right = Ids.TryParse(text, out var value); id = new(value); return right; }
    public override string ToString() => Ids.Text(Value);
}

/// <summary>A sequence, over all its versions.</summary>
public readonly record struct SequenceId(Guid Value)
{
    public static SequenceId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out SequenceId id) { var right = Ids.TryParse(text, out var value); id = new(value); return right; }
    public override string ToString() => Ids.Text(Value);
}

/// <summary>A step of a sequence; the id stays the same from version to version.</summary>
public readonly record struct StepId(Guid Value)
{
    public static StepId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out StepId id) { var right = Ids.TryParse(text, out var value); id = new(value); return right; }
    public override string ToString() => Ids.Text(Value);
}

/// <summary>One run of one contact through one sequence version.</summary>
public readonly record struct EnrollmentId(Guid Value)
{
    public static EnrollmentId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out EnrollmentId id) { var right = Ids.TryParse(text, out var value); id = new(value); return right; }
    public override string ToString() => Ids.Text(Value);
}

/// <summary>A message that was or will be sent, or one that came in: our resource, not the Message-ID header.</summary>
public readonly record struct MessageId(Guid Value)
{
    public static MessageId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out MessageId id) { var right = Ids.TryParse(text, out var value); id = new(value); return right; }
    public override string ToString() => Ids.Text(Value);
}

/// <summary>A draft, call, to-do or reminder in somebody's queue.</summary>
public readonly record struct TaskId(Guid Value)
{
    public static TaskId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out TaskId id) { var right = Ids.TryParse(text, out var value); id = new(value); return right; }
    public override string ToString() => Ids.Text(Value);
}

/// <summary>A piece of work that goes on after its request was answered.</summary>
public readonly record struct JobId(Guid Value)
{
    public static JobId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out JobId id) { var right = Ids.TryParse(text, out var value); id = new(value); return right; }
    public override string ToString() => Ids.Text(Value);
}
