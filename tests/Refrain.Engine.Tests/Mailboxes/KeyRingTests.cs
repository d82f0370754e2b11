using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Refrain.Core;
using Refrain.Engine.Hosting;
using Refrain.Engine.Mail.Unsubscribe;
using Refrain.Engine.Mailboxes;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Mailboxes;

public sealed class KeyRingTests
{
    [Theory, OnEveryDatabase]
    public async Task a_restart_and_another_node_read_secrets_and_verify_links(DatabaseKind kind)
    {
        await using var fresh = await FreshDatabase.MigratedAsync(kind);
        var (enrollment, contact) = (EnrollmentId.New(), ContactId.New());
        string secret, token;
        await using (var first = Node(fresh))
        {
            secret = new MailboxSecrets(first.GetRequiredService<IDataProtectionProvider>()).Protect("the password");
            token = first.GetRequiredService<UnsubscribeLinks>().TokenFor(enrollment, contact, 3);
        }

        await using var second = Node(fresh);

        secret.ShouldNotContain("password");
        new MailboxSecrets(second.GetRequiredService<IDataProtectionProvider>()).Unprotect(secret).ShouldBe("the password");
        second.GetRequiredService<UnsubscribeLinks>().TryRead(token, out var claim).ShouldBeTrue();
        claim.ShouldBe(new UnsubscribeClaim(enrollment, contact, 3));
    }

    [Theory, OnEveryDatabase]
    public async Task another_installation_reads_neither(DatabaseKind kind)
    {
        await using var ours = await FreshDatabase.MigratedAsync(kind);
        await using var theirs = await FreshDatabase.MigratedAsync(kind);
        await using var first = Node(ours);
        await using var second = Node(theirs);

        second.GetRequiredService<UnsubscribeLinks>().TryRead(first.GetRequiredService<UnsubscribeLinks>().TokenFor(EnrollmentId.New(), ContactId.New(), 0), out _).ShouldBeFalse();
    }

    private static ServiceProvider Node(FreshDatabase database)
    {
        var added = new ServiceCollection();
        added.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        added.AddSingleton(database.Open());
        added.AddRefrainKeyRing();
        added.AddSingleton<UnsubscribeLinks>();
        return added.BuildServiceProvider();
    }
}
