using Refrain.Core.Sending;
using Refrain.Engine.Mail;

namespace Refrain.Server.Tests.Serving;

/// <summary>Mail servers that only answer whether they can be used: what they say is the test's.</summary>
internal sealed class AnsweringMail : IMailSender, IInbox
{
    /// <summary>What both servers say to a sign-in; null lets it in.</summary>
    public string? Complaint { get; set; }

    public Task<SendOutcome> SendAsync(MailboxAccount account, OutgoingEmail email, Func<bool> lastCheck, CancellationToken cancel) =>
        Task.FromResult<SendOutcome>(lastCheck() ? new SendOutcome.Accepted("250 2.0.0 Ok") : new SendOutcome.Stopped());

    public Task<InboxLook> LookAsync(MailboxAccount account, InboxCursor? cursor, int limit, CancellationToken cancel) =>
        Task.FromResult(new InboxLook([], new(1, 0), false));

    public Task WaitAsync(MailboxAccount account, TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;

    public Task<IReadOnlySet<string>> FindInSentAsync(MailboxAccount account, IReadOnlyCollection<string> messageIds, CancellationToken cancel) =>
        Task.FromResult<IReadOnlySet<string>>(new HashSet<string>());

    public Task SaveToSentAsync(MailboxAccount account, OutgoingEmail email, CancellationToken cancel) => Task.CompletedTask;

    public Task<string?> CheckAsync(MailboxAccount account, CancellationToken cancel) => Task.FromResult(Complaint);
}
