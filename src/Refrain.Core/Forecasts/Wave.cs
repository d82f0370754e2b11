using System.Buffers.Binary;
using NodaTime;
using Refrain.Core.Schedules;
using Refrain.Core.Sequences;
using Refrain.Core.Throttles;

namespace Refrain.Core.Forecasts;

/// <summary>Runs that are alike. Nobody has to know which they are, so they are numbered: the same forecast comes out at every look.</summary>
/// <param name="Like">What all of them are like; its id stands for nothing.</param>
/// <param name="Count">How many.</param>
public sealed record Wave(OutlookRun Like, int Count)
{
    /// <summary>Contacts who are enrolled at an instant.</summary>
    /// <param name="sequence">A version with at least one step.</param>
    /// <param name="schedule">Its hours for these contacts.</param>
    /// <param name="mailbox">Where they are sent from; null when there is none.</param>
    /// <param name="domain">The domain they are written to; empty when nobody can say.</param>
    /// <param name="at">When they are enrolled.</param>
    /// <param name="count">How many.</param>
    public static Wave Enrolled(Sequence sequence, Schedule schedule, MailboxId? mailbox, string domain, Instant at, int count)
    {
        var ends = NextSlot.DelayEnds(at, sequence.Steps[0].Delay, schedule);
        // Where no slot ever comes, taking it up at the end of its delay finds that out.
        var due = NextSlot.At(ends, sequence.Steps[0].At, schedule) ?? ends;
        return new(new(default, mailbox ?? default, sequence, sequence.Steps[0].Id, schedule, domain, due, HasSent: false), count);
    }

    /// <summary>All runs of the waves, in their order.</summary>
    public static IReadOnlyList<OutlookRun> RunsOf(IEnumerable<Wave> waves)
    {
        var runs = new List<OutlookRun>();
        foreach (var wave in waves)
        {
            for (var one = 0; one < wave.Count; one++)
                runs.Add(wave.Like with { Id = Numbered(runs.Count + 1) });
        }
        return runs;
    }

    private static EnrollmentId Numbered(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], number);
        return new(new Guid(bytes, bigEndian: true));
    }
}
