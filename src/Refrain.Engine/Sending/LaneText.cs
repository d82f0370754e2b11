using System.Globalization;
using Refrain.Core;
using Refrain.Core.Throttles;

namespace Refrain.Engine.Sending;

/// <summary>
/// Lanes as the enrollment rows have them: limit, domain, sequence, version, kind and zone, so that those who wait for one limit stand together in the index.
/// </summary>
internal static class LaneText
{
    /// <summary>The lanes of one limit lie from here (inclusive) to <see cref="After"/>.</summary>
    public static string From(LaneLimit limit, string domain = "") => $"{Letter(limit)}|{(domain.Length > 0 ? $"{domain}|" : "")}";

    /// <summary>The end (exclusive) of what begins with a text that ends with a bar.</summary>
    public static string After(string prefix) => $"{prefix[..^1]}}}";

    public static string Of(LaneKey key) => string.Create(CultureInfo.InvariantCulture,
        $"{Letter(key.Limit)}|{key.Domain}|{key.Sequence}|{key.Version}|{(key.Kind == SlotKind.FollowUp ? "f" : "n")}|{key.Zone}");

    public static LaneKey Parse(MailboxId mailbox, string text)
    {
        var parts = text.Split('|');
        if (parts.Length != 6 || !SequenceId.TryParse(parts[2], out var sequence)) throw new FormatException($"\"{text}\" is no lane.");
        return new(mailbox, Limit(parts[0]), sequence, int.Parse(parts[3], CultureInfo.InvariantCulture),
            parts[4] == "f" ? SlotKind.FollowUp : SlotKind.FirstStep, parts[5], parts[1]);
    }

    private static string Letter(LaneLimit limit) => limit switch
    {
        LaneLimit.Sender => "m",
        LaneLimit.Sequence => "s",
        LaneLimit.Domain => "d",
    };

    private static LaneLimit Limit(string letter) => letter switch
    {
        "m" => LaneLimit.Sender,
        "s" => LaneLimit.Sequence,
        "d" => LaneLimit.Domain,
        var other => throw new FormatException($"\"{other}\" is no limit of a lane."),
    };
}
