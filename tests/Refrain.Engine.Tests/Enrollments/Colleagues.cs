using Refrain.Contracts;
using Refrain.Core;
using Refrain.Engine.Access;
using Refrain.Engine.Enrollments;
using Refrain.Engine.Mailboxes;
using Refrain.Engine.Tests.Bench;

namespace Refrain.Engine.Tests.Enrollments;

/// <summary>Another user with a mailbox of his own, in a bucket of his own, and runs that are given to him.</summary>
internal static class Colleagues
{
    public static async Task<(UserId User, MailboxId Mailbox)> AddColleagueAsync(this EngineBench bench)
    {
        UserId.TryParse(EngineBench.Value(await bench.Get<Users>().AddAsync(bench.Workspace, new("bob@ours.test", "Bob"), default)).Id, out var bob).ShouldBeTrue();
        var server = new MailServerSettings("127.0.0.1", 1, ConnectionSecurity.None, "bob@ours.test", "secret");
        var added = EngineBench.Value(await bench.Get<MailboxRegister>().AddAsync(bench.Workspace, bob, new("Bob", "bob@ours.test", server, server), default));
        MailboxId.TryParse(added.Id, out var mailbox).ShouldBeTrue();
        (await bench.Get<MailboxChecks>().CheckAsync(bench.Workspace, mailbox, default))!.Health.ShouldBe(MailboxHealth.Healthy);
        return (bob, mailbox);
    }

    public static Caller Caller(this EngineBench bench) => new(bench.Workspace, bench.User, Role.Admin);

    public static async Task<DoorAnswer> MoveAsync(this EngineBench bench, EnrollmentId id, MailboxId mailbox) =>
        EngineBench.Value(await bench.Get<SenderMoves>().MoveAsync(bench.Caller(), id, mailbox.ToString(), default));
}
