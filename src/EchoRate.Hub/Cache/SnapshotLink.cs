namespace EchoRate.Hub.Cache;

/// <summary>Puts a blob under its own name: a relative link as huggingface_hub makes it, the file itself where the system has no links.</summary>
internal static class SnapshotLink
{
    /// <summary>Makes the snapshot's entry; one that stands there already, good or bad, is replaced, never written through.</summary>
    /// <param name="blob">The bytes.</param>
    /// <param name="snapshot">The name; its folder exists.</param>
    /// <param name="isNew">Whether the blob was made just now: then it may be moved; another may belong to further names and is copied.</param>
    /// <param name="links">Makes a link (path, target); tests pass one that cannot.</param>
    public static void Make(
        string blob,
        string snapshot,
        bool isNew,
        Action<string, string>? links = null
    )
    {
        string target = Path.GetRelativePath(Path.GetDirectoryName(snapshot)!, blob);
        string temporary = snapshot + ".tmp" + Path.GetRandomFileName();
        File.Delete(temporary);
        try
        {
            try
            {
                (links ?? CreateLink)(temporary, target);
            }
            catch (Exception problem)
                when (problem is IOException or UnauthorizedAccessException or NotSupportedException
                )
            {
                // Windows without developer mode, FAT, some network shares.
                if (isNew)
                {
                    File.Move(blob, snapshot, overwrite: true);
                    return;
                }
                File.Copy(blob, temporary, overwrite: true);
            }
            File.Move(temporary, snapshot, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void CreateLink(string path, string target) =>
        File.CreateSymbolicLink(path, target);
}
