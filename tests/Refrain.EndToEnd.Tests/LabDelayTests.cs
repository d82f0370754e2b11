using Refrain.Testing;

namespace Refrain.EndToEnd.Tests;

/// <summary>Apart from the other tests of the lab, to run beside them: a message is given up after twelve seconds.</summary>
public sealed class LabDelayTests
{
    [Fact]
    public async Task a_deferred_message_is_first_delayed_and_then_expired() =>
        await Task.WhenAll(DelayedThenExpiredAsync("softfull", "4.2.2"), DelayedThenExpiredAsync("grey", "4.7.1"), DelayedThenExpiredAsync("ratelimit", "4.7.28"));

    private static async Task DelayedThenExpiredAsync(string prefix, string status)
    {
        var lab = MailLab.Current;
        var sender = MailLab.FreshSender();
        var address = MailLab.Fresh(prefix);
        await lab.SendToAsync(sender, address);

        var delayed = await lab.WaitForMailAsync(sender);
        var expired = await lab.WaitForMailAsync(sender, message => message.Verdict().Action == "failed", TimeSpan.FromSeconds(60));

        delayed.Verdict().ShouldBe(("delayed", status, address));
        expired.Verdict().ShouldBe(("failed", status, address));
    }
}
