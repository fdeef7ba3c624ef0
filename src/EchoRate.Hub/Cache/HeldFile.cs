namespace EchoRate.Hub.Cache;

/// <summary>A file that one process at a time holds open; the system lets go of it however that process ends.</summary>
/// <remarks>On Linux and macOS .NET takes flock(2), which huggingface_hub's locks take too: the two wait for each other.</remarks>
internal static class HeldFile
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes the file, waiting as long as another holds it; it is made when absent and never deleted, for another may wait on it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="waiting">Called once, when it is not free at once.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<IDisposable> TakeAsync(
        string path,
        Action waiting,
        CancellationToken cancellation
    )
    {
        for (bool first = true; ; first = false)
        {
            try
            {
                // Never through a link: whatever it points to is not ours to make.
                if (new FileInfo(path).LinkTarget is not null)
                {
                    File.Delete(path);
                }
                return new FileStream(
                    path,
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                );
            }
            catch (IOException problem) when (IsHeld(problem))
            {
                if (first)
                {
                    waiting();
                }
                await Task.Delay(s_pause, cancellation).ConfigureAwait(false);
            }
        }
    }

    // .NET hands on flock's EWOULDBLOCK (11 on Linux, 35 on macOS) or Windows' sharing and lock violations.
    private static bool IsHeld(IOException problem) =>
        OperatingSystem.IsWindows()
            ? (problem.HResult & 0xFFFF) is 32 or 33
            : problem.HResult is 11 or 35;
}
