using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Reading;

/// <summary>The bytes of a small text file, or why they cannot be had.</summary>
internal static class FileBytes
{
    /// <summary>All bytes; of a file that is too large, one more than allowed.</summary>
    /// <exception cref="ManifestException">Missing, a folder, or not readable.</exception>
    public static byte[] Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw Unreadable(path, "is a folder, not a manifest file");
        }
        try
        {
            using FileStream file = File.OpenRead(path);
            // One byte more than allowed: enough to know that it is too much, whatever the file claims its length to be.
            byte[] buffer = new byte[ManifestText.MostBytes + 1];
            int count = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return buffer[..count];
        }
        catch (Exception problem)
            when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unreadable(path, "no such file");
        }
        catch (UnauthorizedAccessException)
        {
            throw Unreadable(path, "cannot be read: permission denied");
        }
        catch (IOException problem)
        {
            throw Unreadable(path, $"cannot be read: {Wording.Plain(problem.Message)}");
        }
    }

    private static ManifestException Unreadable(string path, string text) =>
        new(path, new ManifestProblem(0, 0, text));
}
