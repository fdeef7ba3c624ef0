namespace EchoRate.Cli.Quantizing;

/// <summary>How much room a disk has.</summary>
internal static class DiskRoom
{
    /// <summary>Bytes that this user may still write to a folder, made yet or not; null where the system does not say.</summary>
    public static long? FreeBytes(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }
        try
        {
            return new DriveInfo(
                OperatingSystem.IsWindows() ? Path.GetPathRoot(existing)! : existing
            ).AvailableFreeSpace;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A network share without a drive letter, say. Then the disk itself will tell.
            return null;
        }
    }
}
