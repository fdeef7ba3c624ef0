using EchoRate.Core.Files;

namespace EchoRate.Runs.Folder;

/// <summary>The locks of a run: who writes into its folder, and who does a job. What a killed process leaves behind is free.</summary>
internal static class RunLock
{
    /// <summary>The file's name in the run's folder.</summary>
    public const string FileName = "run.lock";

    private static readonly TimeSpan _mostWaiting = TimeSpan.FromSeconds(20);

    /// <summary>Takes the lock of a folder, which exists; dispose to let go.</summary>
    /// <exception cref="RunException">Another process has it.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static IDisposable Take(string folder) =>
        FileLock.TryTake(PathIn(folder), isRemoved: true) ?? throw new RunException(InUse(folder));

    /// <summary>
    /// Takes the lock of a job. A worker whose parent was killed ends within moments, but a run that is gone on with at once may meet it, and
    /// waits.
    /// </summary>
    /// <exception cref="RunException">The other process did not end.</exception>
    public static IDisposable TakeJob(string job)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (FileLock.TryTake(job + ".lock", isRemoved: true) is { } held)
            {
                return held;
            }
            if (TimeProvider.System.GetElapsedTime(begun) > _mostWaiting)
            {
                throw new RunException(
                    $"{job}: a worker of an earlier run still does this job; end it and go on with --resume"
                );
            }
            Thread.Sleep(50);
        }
    }

    /// <summary>Whether another process writes into a folder.</summary>
    public static bool IsHeld(string folder)
    {
        if (!File.Exists(PathIn(folder)))
        {
            return false;
        }
        using var taken = FileLock.TryTake(PathIn(folder), isRemoved: true);
        return taken is null;
    }

    /// <summary>What is said of a folder that another process has.</summary>
    public static string InUse(string folder) =>
        $"{folder}: another echorate is writing into it; wait for its end, or name another folder";

    private static string PathIn(string folder) => Path.Combine(folder, FileName);
}
