using Microsoft.Extensions.Time.Testing;
using Refrain.Core.Sending;
using Refrain.Engine.Mail;
using Refrain.Engine.Mail.Smtp;
using Refrain.Engine.Tests.Mail.Transcripts;

namespace Refrain.Engine.Tests.Mail.Smtp;

/// <summary>A sender that talks to a transcript.</summary>
internal sealed class SmtpConversation : IAsyncDisposable
{
    private readonly SmtpMailSender sender;

    public SmtpConversation(string transcript, string user = "", SignInMethod signIn = SignInMethod.Password)
    {
        Server = new(Transcript.Read($"smtp/{transcript}"));
        Account = MailSamples.AccountAt(Server.Port, user, signIn);
        sender = new(Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public TranscriptServer Server { get; }

    public MailboxAccount Account { get; set; }

    /// <summary>How often the last check was asked.</summary>
    public int Checks { get; private set; }

    public Task<SendOutcome> SendAsync(Func<bool> check, CancellationToken cancel = default) => sender.SendAsync(Account, MailSamples.Email, () => { Checks++; return check(); }, cancel);

    public Task<SendOutcome> SendAsync(bool check = true, CancellationToken cancel = default) => SendAsync(() => check, cancel);

    public Task<string?> CheckAsync() => sender.CheckAsync(Account, CancellationToken.None);

    /// <summary>Closes the connections; then the transcript must have been played to its end, and no further.</summary>
    public async Task EndAsync()
    {
        await sender.DisposeAsync();
        await Server.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await sender.DisposeAsync();
        await Server.DisposeAsync();
    }
}
