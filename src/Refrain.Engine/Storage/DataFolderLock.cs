namespace Refrain.Engine.Storage;

/// <summary>
/// Held by the server that works on a data folder. SQLite itself would let a second one in, and each would take the other's work. The operating
/// system lets go of it when the process ends, however it ends.
/// </summary>
public sealed class DataFolderLock : IDisposable
{
    private readonly FileStream file;

    private DataFolderLock(FileStream file) => this.file = file;

    /// <summary>Null when another server holds it.</summary>
    public static DataFolderLock? TryTake(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new(new FileStream(Path.Combine(folder, "serve.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken) when (taken is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    public void Dispose() => file.Dispose();
}
