using Refrain.Testing;

namespace Refrain.Core.Tests.Enrollments;

public sealed class LifecyclePageTests
{
    [Fact]
    public void the_page_says_what_the_machine_decides() =>
        Snapshots.Compare(LifecyclePage.File, LifecyclePage.Render(), Environment.GetEnvironmentVariable("REFRAIN_ACCEPT") == "1");

    [Fact]
    public void the_page_shows_every_row_and_every_state()
    {
        var page = LifecyclePage.Render();
        Law.Rows.ShouldAllBe(row => page.Contains($"| {row.Name} |", StringComparison.Ordinal));
        page.ShouldContain("Paused --> Failed: pause ended, resumed");
        page.ShouldContain("Open --> Unsubscribed: opted out");
    }
}
