using System.Security.Cryptography;
using Refrain.Core;
using Refrain.Engine.Mail.Compose;

namespace Refrain.Engine.Tests.Mail.Compose;

public sealed class MessageIdsTests
{
    private static readonly byte[] Key = SHA256.HashData("a key"u8);
    private readonly WorkspaceId workspace = WorkspaceId.New();
    private readonly EnrollmentId enrollment = EnrollmentId.New();
    private readonly StepId step = StepId.New();

    [Fact]
    public void it_can_be_computed_again() => For(0).ShouldBe(For(0));

    [Fact]
    public void it_stands_at_the_senders_domain_and_is_the_same_in_any_case_a_provider_may_write_it() => For(0).ShouldMatch("^[a-z2-7]{32}@ours\\.test$");

    [Fact]
    public void each_part_changes_it()
    {
        string[] ids =
        [
            For(0), For(1),
            MessageIds.For(Key, WorkspaceId.New(), enrollment, step, 0, "ann@ours.test"),
            MessageIds.For(Key, workspace, EnrollmentId.New(), step, 0, "ann@ours.test"),
            MessageIds.For(Key, workspace, enrollment, StepId.New(), 0, "ann@ours.test"),
            MessageIds.For("another"u8, workspace, enrollment, step, 0, "ann@ours.test"),
        ];

        ids.Distinct().Count().ShouldBe(ids.Length);
    }

    /// <summary>Fixed for ever: a restored database has to compute what an older version sent.</summary>
    [Fact]
    public void the_way_it_is_computed_does_not_change()
    {
        var (one, two, three) = (new Guid("00112233-4455-6677-8899-aabbccddeeff"), new Guid("ffffffff-0000-0000-0000-000000000001"), new Guid("00000000-0000-0000-0000-000000000002"));

        MessageIds.For("key"u8, new(one), new(two), new(three), 3, "ann@ours.test").ShouldBe("uybtgdezfxlk4y4otqdptk5apxs6kkam@ours.test");
    }

    private string For(int incarnation) => MessageIds.For(Key, workspace, enrollment, step, incarnation, "ann@ours.test");
}
