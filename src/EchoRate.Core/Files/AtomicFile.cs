namespace EchoRate.Core.Files;

/// <summary>Small files that are there whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes under a temporary name beside the file, then renames.</summary>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.tmp{Path.GetRandomFileName()}";
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
