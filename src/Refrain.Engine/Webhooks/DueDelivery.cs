using NodaTime;
using Refrain.Contracts;
using Refrain.Core;

namespace Refrain.Engine.Webhooks;

/// <summary>News whose turn it is: claimed, with where it goes and the line that it tells.</summary>
internal sealed record DueDelivery
{
    public const string Columns = "webhook_id as Webhook, enrollment_id as Enrollment, ordinal as Ordinal, id as Id, event as Event, attempts as Attempts";

    public Guid Webhook { get; init; }
    public EnrollmentId Enrollment { get; init; }
    public int Ordinal { get; init; }
    public Guid Id { get; init; }
    public string Event { get; init; } = "";
    public int Attempts { get; init; }
    public string Url { get; init; } = "";
    public string Secret { get; init; } = "";
    public NewsLine? Line { get; init; }

    public string MessageId => $"msg_{Id:N}";

    public WebhookMessage Message => new(
        $"enrollment.{Event}", Line!.At.ToDateTimeOffset(), new(Enrollment.ToString(), Ordinal, Line.Contact.ToString(), Line.Sequence.ToString(), Line.Signal,
            Line.FromState, Line.ToState, Line.Why, Line.WhyCode, Line.Actor, Line.Message?.ToString()));
}

/// <summary>A line of a timeline with whose it is.</summary>
internal sealed record NewsLine
{
    public EnrollmentId Enrollment { get; init; }
    public int Ordinal { get; init; }
    public ContactId Contact { get; init; }
    public SequenceId Sequence { get; init; }
    public Instant At { get; init; }
    public string Signal { get; init; } = "";
    public string? FromState { get; init; }
    public string ToState { get; init; } = "";
    public string Why { get; init; } = "";
    public string WhyCode { get; init; } = "";
    public string Actor { get; init; } = "";
    public MessageId? Message { get; init; }
}
