namespace EchoRate.Runs.Folder;

/// <summary>
/// Who writes into a run's folder: a file that is locked, not one that merely exists, so that a dead process holds nothing. On Unix it is
/// flock(2), on Windows a file opened for one; it is removed when the holder ends, and what a killed one leaves behind is free. Linux carries
/// flock over NFS where its lock service runs; a file system without locks grants it to everybody.
/// </summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>The file's name in the run's folder.</summary>
    public const string FileName = "run.lock";

    private readonly FileStream _stream;

    private RunLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock of a folder, which exists.</summary>
    /// <exception cref="RunException">Another process has it.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static RunLock Take(string folder) =>
        TryTake(folder) ?? throw new RunException(InUse(folder));

    /// <summary>Whether another process writes into a folder.</summary>
    public static bool IsHeld(string folder)
    {
        if (!File.Exists(PathIn(folder)))
        {
            return false;
        }
        using var taken = TryTake(folder);
        return taken is null;
    }

    /// <summary>What is said of a folder that another process has.</summary>
    public static string InUse(string folder) =>
        $"{folder}: another echorate is writing into it; wait for its end, or name another folder";

    /// <inheritdoc />
    public void Dispose() => _stream.Dispose();

    private static string PathIn(string folder) => Path.Combine(folder, FileName);

    private static RunLock? TryTake(string folder)
    {
        try
        {
            return new RunLock(
                new FileStream(
                    PathIn(folder),
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    bufferSize: 0,
                    FileOptions.DeleteOnClose
                )
            );
        }
        catch (IOException e) when (IsTaken(e))
        {
            return null;
        }
    }

    // .NET reports it by number alone: ERROR_SHARING_VIOLATION on Windows, EWOULDBLOCK on Linux (11) and macOS (35).
    private static bool IsTaken(IOException e) =>
        OperatingSystem.IsWindows() ? e.HResult == unchecked((int)0x80070020)
        : OperatingSystem.IsMacOS() ? e.HResult == 35
        : e.HResult == 11;
}
