using EchoRate.Core.Files;

namespace EchoRate.Runs.Folder;

/// <summary>The lock of a run's folder: who writes into it. What a killed process leaves behind is free.</summary>
internal static class RunLock
{
    /// <summary>The file's name in the run's folder.</summary>
    public const string FileName = "run.lock";

    /// <summary>Takes the lock of a folder, which exists; dispose to let go.</summary>
    /// <exception cref="RunException">Another process has it.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static IDisposable Take(string folder) =>
        FileLock.TryTake(PathIn(folder), isRemoved: true) ?? throw new RunException(InUse(folder));

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
