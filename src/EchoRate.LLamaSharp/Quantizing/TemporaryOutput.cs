namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>
/// A file that is being written, in a folder of its own beside the destination, so that a file under its own name is whole. The folder
/// is removed at the end, however that comes: a native call that is still about to open its file then finds no place for it.
/// </summary>
internal sealed class TemporaryOutput : IDisposable
{
    // Written to all the time: what has not been touched for so long belongs to a process that was killed.
    private static readonly TimeSpan _abandoned = TimeSpan.FromHours(1);

    private readonly string _folder;

    internal TemporaryOutput(string destination)
    {
        var (parent, name) = (
            System.IO.Path.GetDirectoryName(destination)!,
            System.IO.Path.GetFileName(destination)
        );
        if (!Directory.Exists(parent))
        {
            throw new DirectoryNotFoundException($"there is no folder {parent}");
        }
        foreach (var folder in Directory.GetDirectories(parent, name + ".*.part"))
        {
            var entries = Directory.EnumerateFileSystemEntries(folder).Prepend(folder);
            if (entries.Max(File.GetLastWriteTimeUtc) < DateTime.UtcNow - _abandoned)
            {
                Remove(folder);
            }
        }
        _folder = $"{destination}.{Environment.ProcessId}.part";
        Path = System.IO.Path.Combine(_folder, name);
        Directory.CreateDirectory(_folder);
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>Where to write.</summary>
    internal string Path { get; }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        Remove(_folder);
    }

    private void OnExit(object? sender, EventArgs e) => Remove(_folder);

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone already, or, on Windows, still open in a native call that was given up: the next run removes it.
        }
    }
}
