using System.Data.Common;
using Refrain.Engine.Storage;

namespace Refrain.Server.Hosting;

/// <summary>Opens the database before anything else, so that a server that cannot work does not start.</summary>
internal static class StorageHosting
{
    /// <summary>Null when the database is open; else what is wrong, for whoever started the server.</summary>
    public static string? TryOpenStorage(this WebApplicationBuilder builder)
    {
        var settings = DatabaseSettings.Read(name => builder.Configuration[name]);
        DataFolderLock? folder = null;
        if (settings.Postgres is null && (folder = DataFolderLock.TryTake(settings.Folder)) is null)
            return $"another server works on the data folder {settings.Folder}. One folder is for one server: stop the other, or set {DatabaseSettings.FolderVariable} to another folder.";
        try
        {
            var database = settings.Open();
            builder.Services.AddSingleton(settings);
            // Made by factories, so that the host closes them: the database first, because it is asked for last.
            if (folder is not null) builder.Services.AddSingleton(_ => folder);
            builder.Services.AddSingleton(services => Behind(services.GetService<DataFolderLock>(), database));
            return null;
        }
        catch (Exception broken) when (broken is DbException or InvalidOperationException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            folder?.Dispose();
            return $"the database ({settings}) cannot be opened. {broken.GetBaseException().Message}";
        }
    }

    private static Database Behind(DataFolderLock? folder, Database database) =>
        database.Kind == DatabaseKind.Postgres || folder is not null ? database : throw new InvalidOperationException("A data folder is not locked.");
}
