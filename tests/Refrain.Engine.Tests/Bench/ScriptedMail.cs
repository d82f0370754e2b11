using System.Text;
using Refrain.Core.Sending;
using Refrain.Engine.Mail;

namespace Refrain.Engine.Tests.Bench;

/// <summary>A mail world in memory behind the two ports: what each address does is scripted, and what was accepted is kept.</summary>
internal sealed class ScriptedMail : IMailSender, IInbox
{
    private readonly List<byte[]> inbox = [];
    private readonly Dictionary<string, Func<OutgoingEmail, Func<bool>, Task<SendOutcome>>> scripts = new(StringComparer.Ordinal);
    private readonly List<string> waits = [];
    private readonly Lock gate = new();
    private Func<OutgoingEmail, Func<bool>, Task<SendOutcome>> common;

    public ScriptedMail() => common = AcceptAsync;

    /// <summary>Everything that was accepted, in order.</summary>
    public List<OutgoingEmail> Accepted { get; } = [];
    public HashSet<string> SentFolder { get; } = new(StringComparer.Ordinal);

    /// <summary>Set: the inbox cannot be read.</summary>
    public string? Unreadable { get; set; }
    public int Looks { get; private set; }

    /// <summary>Set: the next look breaks with it, as a fault of the program would.</summary>
    public Exception? Fault { get; set; }

    /// <summary>How many of the next waits break, as they do when the database is gone for a moment.</summary>
    public int BrokenWaits { get; set; }

    /// <summary>The addresses whose inboxes somebody has waited at, in order, those included whose wait broke.</summary>
    public IReadOnlyList<string> Waits
    {
        get
        {
            lock (gate) return [.. waits];
        }
    }

    /// <summary>Set: happens once, when the next look is over and nothing of it is applied yet.</summary>
    public Func<Task>? AfterALook { get; set; }

    public void Script(string address, Func<OutgoingEmail, Func<bool>, Task<SendOutcome>> script) => scripts[address] = script;

    /// <summary>What every address does that has no script of its own.</summary>
    public void ScriptAll(Func<OutgoingEmail, Func<bool>, Task<SendOutcome>> script) => common = script;

    public void Script(string address, SendOutcome outcome) => Script(address, (_, _) => Task.FromResult(outcome));

    public Task<SendOutcome> AcceptAsync(OutgoingEmail email, Func<bool> lastCheck)
    {
        if (!lastCheck()) return Task.FromResult<SendOutcome>(new SendOutcome.Stopped());
        lock (gate) Accepted.Add(email);
        return Task.FromResult<SendOutcome>(new SendOutcome.Accepted("250 2.0.0 Ok"));
    }

    public void Reply(OutgoingEmail to, string text) => Arrive($"""
        From: <{to.ToAddress}>
        To: <{to.FromAddress}>
        Subject: Re: {to.Subject}
        Date: Mon, 04 Jan 2027 10:00:00 +0000
        Message-ID: <{Guid.CreateVersion7():N}@there.test>
        In-Reply-To: <{to.MessageIdHeader}>
        Content-Type: text/plain; charset=utf-8

        {text}
        """);

    /// <summary>A letter of its own: it answers nothing and names no id.</summary>
    public void Write(string from, string to, string subject, string text) => Arrive($"""
        From: <{from}>
        To: <{to}>
        Subject: {subject}
        Date: Mon, 04 Jan 2027 10:00:00 +0000
        Message-ID: <{Guid.CreateVersion7():N}@there.test>
        Content-Type: text/plain; charset=utf-8

        {text}
        """);

    /// <summary>The same by a machine.</summary>
    public void WriteAutomatically(string from, string to, string subject, string text) => Arrive($"""
        From: <{from}>
        To: <{to}>
        Subject: {subject}
        Date: Mon, 04 Jan 2027 10:00:00 +0000
        Message-ID: <{Guid.CreateVersion7():N}@there.test>
        Auto-Submitted: auto-replied
        Content-Type: text/plain; charset=utf-8

        {text}
        """);

    public void OutOfOffice(OutgoingEmail to, string text) => Arrive($"""
        From: <{to.ToAddress}>
        To: <{to.FromAddress}>
        Subject: Out of office: {to.Subject}
        Date: Mon, 04 Jan 2027 10:00:00 +0000
        Message-ID: <{Guid.CreateVersion7():N}@there.test>
        In-Reply-To: <{to.MessageIdHeader}>
        Auto-Submitted: auto-replied
        Content-Type: text/plain; charset=utf-8

        {text}
        """);

    public void Report(OutgoingEmail about, string status, string from = "mailer-daemon@there.test") => Report(about, "failed", status, "smtp; no words", from);

    public void Report(OutgoingEmail about, string action, string status, string diagnostic, string from = "mailer-daemon@there.test") => Arrive($"""
        From: <{from}>
        To: <{about.FromAddress}>
        Subject: Undelivered Mail Returned to Sender
        Message-ID: <{Guid.CreateVersion7():N}@there.test>
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="=r"

        --=r
        Content-Type: text/plain

        It could not be delivered.

        --=r
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.there.test

        Final-Recipient: rfc822; {about.ToAddress}
        Action: {action}
        Status: {status}
        Diagnostic-Code: {diagnostic}

        --=r
        Content-Type: text/rfc822-headers

        Message-ID: <{about.MessageIdHeader}>
        To: <{about.ToAddress}>

        --=r--
        """);

    /// <summary>Any message, as it lies in the inbox.</summary>
    public void Arrive(string message) => Arrive(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n") + "\r\n"));

    public void Arrive(byte[] message)
    {
        lock (gate) inbox.Add(message);
    }

    public Task<SendOutcome> SendAsync(MailboxAccount account, OutgoingEmail email, Func<bool> lastCheck, CancellationToken cancel) =>
        scripts.TryGetValue(email.ToAddress, out var script) ? script(email, lastCheck) : common(email, lastCheck);

    /// <summary>Another account answers from here on: its inbox is empty, and numbered as if it were the old one.</summary>
    public void OpenAnotherInbox()
    {
        lock (gate) inbox.Clear();
    }

    public async Task<InboxLook> LookAsync(MailboxAccount account, InboxCursor? cursor, int limit, CancellationToken cancel)
    {
        var look = Look(cursor, limit);
        if (AfterALook is { } then)
        {
            AfterALook = null;
            await then();
        }
        return look;
    }

    private InboxLook Look(InboxCursor? cursor, int limit)
    {
        lock (gate)
        {
            Looks++;
            if (Fault is { } fault)
            {
                Fault = null;
                throw fault;
            }
            if (Unreadable is { } reason) throw new InboxUnreadableException(reason);
            var first = (int)(cursor?.LastUid ?? (uint)inbox.Count);
            var found = inbox.Skip(first).Take(limit).Select((raw, index) => new IncomingMessage("INBOX", 1, (uint)(first + index + 1), raw, raw.Length)).ToList();
            return new(found, new(1, (uint)Math.Max(first + found.Count, cursor?.LastUid ?? 0)), first + found.Count < inbox.Count);
        }
    }

    public Task WaitAsync(MailboxAccount account, TimeSpan atMost, CancellationToken cancel)
    {
        lock (gate)
        {
            waits.Add(account.Address);
            if (BrokenWaits-- > 0) throw new InvalidOperationException("a watcher broke");
        }
        return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
    }

    public Task<IReadOnlySet<string>> FindInSentAsync(MailboxAccount account, IReadOnlyCollection<string> messageIds, CancellationToken cancel) =>
        Task.FromResult<IReadOnlySet<string>>(messageIds.Where(SentFolder.Contains).ToHashSet(StringComparer.Ordinal));

    public Task SaveToSentAsync(MailboxAccount account, OutgoingEmail email, CancellationToken cancel)
    {
        SentFolder.Add(email.MessageIdHeader).ShouldBeTrue();
        return Task.CompletedTask;
    }

    public Task<string?> CheckAsync(MailboxAccount account, CancellationToken cancel) => Task.FromResult(Unreadable);
}
