using Refrain.Engine.Storage;

namespace Refrain.Server.Tests.Hosting;

public sealed class StorageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("refrain-lock-").FullName;

    [Fact]
    public void a_data_folder_is_for_one_server_until_it_lets_go()
    {
        var first = DataFolderLock.TryTake(folder).ShouldNotBeNull();
        DataFolderLock.TryTake(folder).ShouldBeNull();
        first.Dispose();
        using var second = DataFolderLock.TryTake(folder).ShouldNotBeNull();
    }

    [Fact]
    public void the_place_of_the_data_is_found_in_one_way()
    {
        DatabaseSettings.Read(_ => null).ShouldBe(new DatabaseSettings(null, Path.GetFullPath("data")));
        DatabaseSettings.Read(name => name == "REFRAIN_DATA" ? folder : "").ShouldBe(new DatabaseSettings(null, folder));
        var postgres = DatabaseSettings.Read(name => name == "REFRAIN_DATABASE" ? "Host=db;Database=refrain;Username=u;Password=hidden" : null);
        postgres.ToString().ShouldBe("PostgreSQL refrain on db:5432");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
