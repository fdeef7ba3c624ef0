namespace EchoRate.Machine.Backends;

/// <summary>A file that one process at a time holds open: the system lets go of it however that process ends.</summary>
internal static class FetchLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Takes the lock, waiting for as long as another holds it. Dispose what comes back to let go.</summary>
    /// <param name="path">The lock's file, made when absent and never deleted: another may be waiting on it.</param>
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
            try
            {
                return new FileStream(
                    path,
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                );
            }
            catch (IOException e) when (IsHeld(e))
            {
                if (first)
                    waiting();
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    // .NET hands on flock's EWOULDBLOCK (11 on Linux, 35 on macOS) or Windows' sharing and lock violations.
    private static bool IsHeld(IOException e) =>
        OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult is 11 or 35;
}
