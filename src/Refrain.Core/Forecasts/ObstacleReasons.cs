using System.Globalization;
using Refrain.Core.Enrollments;

namespace Refrain.Core.Forecasts;

/// <summary>The sentences about runs that can never finish.</summary>
internal static class ObstacleReasons
{
    public static Why Of(ObstacleKind kind, int step, int contacts)
    {
        var (code, sentence) = kind switch
        {
            ObstacleKind.EndDate => ("end_date", $"The sequence ends before step {step} can happen for {People(contacts)}."),
            ObstacleKind.NeverOpens => ("never_opens", $"No sending window ever opens for step {step}, so {People(contacts)} can never get past it."),
            ObstacleKind.NoPlace => ("no_place", $"All places of the sequence are taken by runs that do not go on by themselves, so {People(contacts)} wait for ever."),
            ObstacleKind.NoSender => ("no_sender", $"There is no mailbox to send step {step} from, for {People(contacts)}."),
            ObstacleKind.TooFar => ("too_far", $"It takes longer than {Years} years for {People(contacts)}; a forecast looks no further."),
        };
        return Why.Of(code, sentence, ("step", Text(step)), ("contacts", Text(contacts)));
    }

    private static string Years => Text((int)(Forecaster.Horizon.TotalDays / 365));

    private static string People(int count) => count == 1 ? "1 contact" : $"{count.ToString("#,0", CultureInfo.InvariantCulture)} contacts";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
