using Refrain.Testing;

namespace Refrain.House.Tests.Documents;

public sealed class SnapshotTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("refrain-snapshots-").FullName;

    private string File => Path.Combine(folder, "inner", "help.txt");

    [Fact]
    public void what_was_accepted_is_equal_whatever_its_line_ends()
    {
        Snapshots.Compare(File, "one\r\ntwo", accept: true);

        Snapshots.Compare(File, "one\ntwo\n", accept: false);
    }

    [Fact]
    public void a_changed_text_is_seen()
    {
        Snapshots.Compare(File, "one", accept: true);

        Should.Throw<ShouldAssertException>(() => Snapshots.Compare(File, "two", accept: false));
    }

    [Fact]
    public void a_text_that_nobody_accepted_is_seen() => Should.Throw<ShouldAssertException>(() => Snapshots.Compare(File, "one", accept: false));

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
