using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using NodaTime;

namespace Refrain.Engine.Mail.Imap;

/// <summary>What lies behind a cursor. All reading is by BODY.PEEK in a folder opened with EXAMINE, so that no flag changes (RFC 3501 section 6.4.5).</summary>
internal static class InboxReading
{
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(10);

    public static async Task<InboxLook> LookAsync(IImapFolder inbox, InboxCursor? cursor, int limit, ImapLimits limits, DateTimeOffset now, CancellationToken cancel)
    {
        var validity = inbox.UidValidity;
        if (cursor is null || (cursor is { LastUid: 0, Since: null } && cursor.UidValidity != validity))
            return new([], new(validity, await EndAsync(inbox, cancel)), More: false);
        var renumbered = cursor.UidValidity != validity;
        var behind = renumbered ? 0 : cursor.LastUid;
        // Asked for before the search: what comes meanwhile lies behind it, and is found by the next look.
        var end = renumbered ? await EndAsync(inbox, cancel) : behind;
        var fresh = renumbered ? await LaterAsync(inbox, cursor.Since, now - limits.AgainFor, cancel) : await BehindAsync(inbox, behind, cancel);
        if (fresh.Count == 0)
            return new([], new(validity, end), More: false);
        var (taken, sizes) = await ChooseAsync(inbox, fresh.Take(limit).ToList(), limits, cancel);
        var messages = await FetchAsync(inbox, taken, sizes, limits, cancel);
        var more = taken.Count < fresh.Count;
        return new(messages, new(validity, more ? taken[^1].Id : Math.Max(taken[^1].Id, end)), more);
    }

    private static async Task<List<UniqueId>> BehindAsync(IImapFolder inbox, uint behind, CancellationToken cancel)
    {
        // "n:*" also names the last message when its number is below n.
        var found = await inbox.SearchAsync(Behind(behind), cancel);
        return [.. found.Where(uid => uid.Id > behind).OrderBy(uid => uid.Id)];
    }

    /// <summary>SINCE knows days only, in a zone of the server's choice (RFC 3501 section 6.4.4).</summary>
    private static async Task<List<UniqueId>> LaterAsync(IImapFolder inbox, Instant? since, DateTimeOffset earliest, CancellationToken cancel)
    {
        if (since is not { } read || read.ToDateTimeOffset() - ClocksDiffer < earliest)
            return [.. (await inbox.SearchAsync(SearchQuery.DeliveredAfter(earliest.UtcDateTime), cancel)).OrderBy(uid => uid.Id)];
        var from = read.ToDateTimeOffset() - ClocksDiffer;
        var found = await inbox.SearchAsync(SearchQuery.DeliveredAfter(from.UtcDateTime.AddDays(-1)), cancel);
        if (found.Count == 0) return [];
        var dated = await inbox.FetchAsync(found, MessageSummaryItems.UniqueId | MessageSummaryItems.InternalDate, cancel);
        return [.. dated.Where(summary => !(summary.InternalDate < from)).Select(summary => summary.UniqueId).OrderBy(uid => uid.Id)];
    }

    private static UidSearchQuery Behind(uint uid) => SearchQuery.Uids(new UniqueIdRange(new UniqueId(uid + 1), UniqueId.MaxValue));

    /// <summary>The highest UID that is taken. UIDNEXT is only told when a folder is opened.</summary>
    private static async Task<uint> EndAsync(IImapFolder inbox, CancellationToken cancel)
    {
        var told = inbox.UidNext is { Id: > 0 } next ? next.Id - 1 : 0;
        if (inbox.Count == 0)
            return told;
        var last = await inbox.FetchAsync(inbox.Count - 1, -1, MessageSummaryItems.UniqueId, cancel);
        return last.Select(summary => summary.UniqueId.Id).Append(told).Max();
    }

    /// <summary>The first messages, at least one, that together are no larger than one look may be; and the size of each that still exists.</summary>
    private static async Task<(IReadOnlyList<UniqueId> Taken, Dictionary<UniqueId, long> Sizes)> ChooseAsync(
        IImapFolder inbox, List<UniqueId> uids, ImapLimits limits, CancellationToken cancel)
    {
        var summaries = await inbox.FetchAsync(uids, MessageSummaryItems.UniqueId | MessageSummaryItems.Size, cancel);
        var sizes = summaries.ToDictionary(summary => summary.UniqueId, summary => (long)summary.Size.GetValueOrDefault());
        long octets = 0;
        var taken = uids.TakeWhile((uid, index) => (octets += Math.Min(sizes.GetValueOrDefault(uid), limits.OctetsOfAMessage)) <= limits.OctetsOfALook || index == 0).ToList();
        return (taken, sizes);
    }

    private static async Task<IReadOnlyList<IncomingMessage>> FetchAsync(
        IImapFolder inbox, IReadOnlyList<UniqueId> uids, Dictionary<UniqueId, long> sizes, ImapLimits limits, CancellationToken cancel)
    {
        var messages = new List<IncomingMessage>();
        var small = uids.Where(uid => sizes.TryGetValue(uid, out var size) && size <= limits.OctetsOfAMessage).ToList();
        if (small.Count > 0)
            await inbox.GetStreamsAsync(small, async (_, _, uid, stream, stop) => messages.Add(await MessageAsync(inbox, uid, stream, sizes[uid], stop)), cancel);
        foreach (var uid in uids.Where(uid => sizes.TryGetValue(uid, out var size) && size > limits.OctetsOfAMessage))
        {
            if (await BeginningAsync(inbox, uid, limits.OctetsOfAMessage, cancel) is { } stream)
                messages.Add(await MessageAsync(inbox, uid, stream, sizes[uid], cancel));
        }
        return [.. messages.OrderBy(message => message.Uid)];
    }

    /// <summary>Null when somebody has deleted the message since.</summary>
    private static async Task<Stream?> BeginningAsync(IImapFolder inbox, UniqueId uid, int octets, CancellationToken cancel)
    {
        try
        {
            return await inbox.GetStreamAsync(uid, 0, octets, cancel);
        }
        catch (MessageNotFoundException)
        {
            return null;
        }
    }

    private static async Task<IncomingMessage> MessageAsync(IImapFolder inbox, UniqueId uid, Stream stream, long size, CancellationToken cancel)
    {
        using var octets = new MemoryStream();
        await using (stream)
            await stream.CopyToAsync(octets, cancel);
        return new(inbox.FullName, inbox.UidValidity, uid.Id, octets.ToArray(), Math.Max(size, octets.Length));
    }
}
