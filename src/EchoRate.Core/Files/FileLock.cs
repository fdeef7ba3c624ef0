namespace EchoRate.Core.Files;

/// <summary>A file that one process at a time holds open. The system lets go of it however that process ends; dispose to let go earlier.</summary>
/// <remarks>
/// On Linux and macOS .NET takes flock(2), which huggingface_hub's locks take too, so the two wait for each other. Linux carries flock over NFS
/// where its lock service runs; a file system without locks grants it to everybody.
/// </remarks>
public static class FileLock
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes the lock; null where another holds it.</summary>
    /// <param name="path">The lock's file, made when absent.</param>
    /// <param name="isRemoved">Whether the file is removed at the end; never where others may wait for it.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static IDisposable? TryTake(string path, bool isRemoved = false)
    {
        try
        {
            // Never through a link: what it points to is not ours to make.
            if (new FileInfo(path).LinkTarget is not null)
            {
                File.Delete(path);
            }
            return new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 0,
                isRemoved ? FileOptions.DeleteOnClose : FileOptions.None
            );
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <summary>Takes the lock, and waits for as long as another holds it.</summary>
    /// <param name="path">The lock's file, made when absent and never deleted, since another may wait for it.</param>
    /// <param name="waiting">Called once, when the lock is not free at once.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<IDisposable> TakeAsync(
        string path,
        Action waiting,
        CancellationToken cancellation
    )
    {
        for (var first = true; ; first = false)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }
            if (first)
            {
                waiting();
            }
            await Task.Delay(_pause, cancellation);
        }
    }

    // .NET hands on the system's number: EWOULDBLOCK on Linux (11) and macOS (35), sharing and lock violations on Windows.
    private static bool IsHeld(IOException e) =>
        OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult is 11 or 35;
}
