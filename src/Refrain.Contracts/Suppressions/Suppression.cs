namespace Refrain.Contracts;

public enum SuppressionReason
{
    OptedOut,
    Bounced,
    Complained,
    Manual,
}

/// <summary>An address or a whole domain that must not be mailed.</summary>
public sealed record NewSuppression(string Value, SuppressionReason Reason = SuppressionReason.Manual);

/// <summary>An address or a whole domain that is not mailed. <paramref name="Source"/>: what put it here.</summary>
public sealed record Suppression(string Id, string Value, SuppressionReason Reason, string Source, DateTimeOffset CreatedAt);
