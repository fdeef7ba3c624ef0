namespace EchoRate.Runs.Folder;

/// <summary>What a file shows of itself without being read.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When it was last changed: ticks, UTC.</param>
public sealed record FileStamp(string Path, long Bytes, long Modified)
{
    /// <summary>The stamp of a file; of a link, that of what it leads to (a cache's snapshots are links). Null where there is none.</summary>
    public static FileStamp? Of(string path)
    {
        var info = new FileInfo(path);
        var target = info.LinkTarget is null
            ? info
            : info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        return target is { Exists: true }
            ? new FileStamp(path, target.Length, target.LastWriteTimeUtc.Ticks)
            : null;
    }
}
