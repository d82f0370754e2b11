using Refrain.Core.Sending;
using Refrain.Engine.Mail;

namespace Refrain.Server.Demo;

/// <summary>The mail world of the rehearsal, behind the same two ports as SMTP and IMAP. Nothing leaves the process.</summary>
internal sealed class PretendWorld(TimeProvider time) : IMailSender, IInbox
{
    private const uint UidValidity = 1;
    private readonly Lock gate = new();
    private readonly List<(DateTimeOffset ArrivesAt, byte[] Raw)> underway = [];
    private readonly List<byte[]> inbox = [];
    private readonly Dictionary<string, int> received = new(StringComparer.Ordinal);
    private readonly HashSet<string> sent = new(StringComparer.Ordinal);

    public Task<SendOutcome> SendAsync(MailboxAccount account, OutgoingEmail email, Func<bool> lastCheck, CancellationToken cancel)
    {
        var to = Character.Cast.Single(character => character.Email == email.ToAddress);
        if (to.Habit == Habit.DoesNotExist)
            return Task.FromResult<SendOutcome>(new SendOutcome.Refused(RefusalScope.Address, $"550 5.1.1 <{to.Email}>: no such user here"));
        if (!lastCheck()) return Task.FromResult<SendOutcome>(new SendOutcome.Stopped());
        lock (gate)
        {
            if (!sent.Add(email.MessageIdHeader)) throw new InvalidOperationException($"{to.Email} got <{email.MessageIdHeader}> twice.");
            var count = received[to.Email] = received.GetValueOrDefault(to.Email) + 1;
            React(to, email, count, time.GetUtcNow());
        }
        return Task.FromResult<SendOutcome>(new SendOutcome.Accepted("250 2.0.0 Ok: queued"));
    }

    public Task<InboxLook> LookAsync(MailboxAccount account, InboxCursor? cursor, int limit, CancellationToken cancel)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var message in underway.Where(message => message.ArrivesAt <= now).OrderBy(message => message.ArrivesAt).ToList())
            {
                inbox.Add(message.Raw);
                underway.Remove(message);
            }
            var first = (int)(cursor?.LastUid ?? (uint)inbox.Count);
            var found = inbox.Skip(first).Take(limit)
                .Select((raw, index) => new IncomingMessage("INBOX", UidValidity, (uint)(first + index + 1), raw, raw.Length)).ToList();
            return Task.FromResult(new InboxLook(found, new(UidValidity, (uint)(first + found.Count)), first + found.Count < inbox.Count));
        }
    }

    public Task WaitAsync(MailboxAccount account, TimeSpan atMost, CancellationToken cancel) => Task.Delay(atMost, time, cancel);

    public Task<IReadOnlySet<string>> FindInSentAsync(MailboxAccount account, IReadOnlyCollection<string> messageIds, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult<IReadOnlySet<string>>(messageIds.Where(sent.Contains).ToHashSet(StringComparer.Ordinal));
    }

    public Task SaveToSentAsync(MailboxAccount account, OutgoingEmail email, CancellationToken cancel) => Task.CompletedTask;

    public Task<string?> CheckAsync(MailboxAccount account, CancellationToken cancel) => Task.FromResult<string?>(null);

    private void React(Character to, OutgoingEmail email, int count, DateTimeOffset now)
    {
        byte[]? answer = (to.Habit, count) switch
        {
            (Habit.Answers, 1) => PretendMail.Answer(to, email, "Sounds good. Can you call me on Tuesday?", now.AddHours(5)),
            (Habit.AnswersLate, 2) => PretendMail.Answer(to, email, "Sorry for the delay, yes, I am interested.", now.AddHours(7)),
            (Habit.IsAway, 1) => PretendMail.Vacation(to, email, now.AddDays(4), now.AddHours(1)),
            (Habit.HasAFullMailbox, 1) => PretendMail.MailboxFull(to, email, now.AddHours(2)),
            (Habit.WantsNoMail, 1) => PretendMail.Answer(to, email, "Please unsubscribe me.", now.AddHours(3)),
            _ => null,
        };
        if (answer is not null) underway.Add((now.AddHours(to.Habit == Habit.IsAway ? 1 : 5), answer));
    }
}
