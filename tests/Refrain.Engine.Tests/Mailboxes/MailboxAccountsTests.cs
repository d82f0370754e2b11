using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Tests.Bench;
using Refrain.Testing;

namespace Refrain.Engine.Tests.Mailboxes;

public sealed class MailboxAccountsTests
{
    [Theory, OnEveryDatabase]
    public async Task a_key_ring_that_cannot_be_read_now_makes_no_mailbox_a_sealed_one(DatabaseKind database)
    {
        await using var bench = await EngineBench.StartAsync(database);
        var away = new CryptographicException("no key", new NpgsqlException("no answer", new SocketException()));
        var accounts = new MailboxAccounts(bench.Database, new(new Keys(away)), NullLogger<MailboxAccounts>.Instance);

        (await Should.ThrowAsync<CryptographicException>(() => accounts.AllAsync(default))).ShouldBe(away);

        var (open, closed) = await new MailboxAccounts(bench.Database, new(new Keys(new("wrong key"))), NullLogger<MailboxAccounts>.Instance).AllAsync(default);
        open.ShouldBeEmpty();
        closed.ShouldHaveSingleItem().Id.ShouldBe(bench.Mailbox);
    }

    private sealed class Keys(CryptographicException failure) : IDataProtectionProvider, IDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => this;

        public byte[] Protect(byte[] plaintext) => plaintext;

        public byte[] Unprotect(byte[] protectedData) => throw failure;
    }
}
