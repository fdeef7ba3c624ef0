namespace EchoRate.Runs.Files;

/// <summary>What a file shows of itself without being read: its size, and when it was last changed.</summary>
/// <param name="Bytes">The size.</param>
/// <param name="Modified">The time in ticks, UTC.</param>
internal readonly record struct FileStamp(long Bytes, long Modified)
{
    /// <summary>The stamp of a file; of a link, that of what it leads to (a cache's snapshots are links). Null where there is none.</summary>
    public static FileStamp? Of(string file)
    {
        var info = new FileInfo(file);
        var target = info.LinkTarget is null
            ? info
            : info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        return target is { Exists: true }
            ? new FileStamp(target.Length, target.LastWriteTimeUtc.Ticks)
            : null;
    }
}
