namespace EchoRate.Hub.Cache;

/// <summary>Small files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes under a temporary name beside the file, then renames.</summary>
    public static void Write(string path, string text)
    {
        // Parts of one model are written side by side, and each writes the name of their revision.
        string temporary = $"{path}.tmp{Path.GetRandomFileName()}";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
