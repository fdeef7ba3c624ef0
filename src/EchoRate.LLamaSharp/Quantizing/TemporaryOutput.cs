namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>
/// A file that is being written, in a folder of its own beside the destination, so that a file under its own name is whole. The folder
/// is removed at the end, however that comes: a native call that is still about to open its file then finds no place for it.
/// </summary>
internal sealed class TemporaryOutput : IDisposable
{
    // Written to all the time: what has not been touched for so long belongs to a process that was killed.
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private readonly string _destination;
    private readonly string _folder;

    internal TemporaryOutput(string destination)
    {
        _destination = destination;
        _folder = $"{destination}.{Environment.ProcessId}.part";
        Path = System.IO.Path.Combine(_folder, System.IO.Path.GetFileName(destination));
        var parent = System.IO.Path.GetDirectoryName(destination)!;
        if (!Directory.Exists(parent))
        {
            throw new DirectoryNotFoundException($"there is no folder {parent}");
        }

        RemoveAbandoned(parent);
        Directory.CreateDirectory(_folder);
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>Where to write.</summary>
    internal string Path { get; }

    /// <summary>Gives the finished file its name.</summary>
    internal void Commit(bool replace) => File.Move(Path, _destination, replace);

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        Remove(_folder);
    }

    private void OnExit(object? sender, EventArgs e) => Remove(_folder);

    private void RemoveAbandoned(string parent)
    {
        var name = System.IO.Path.GetFileName(_destination) + ".";
        foreach (
            var folder in Directory
                .EnumerateDirectories(parent)
                .Where(folder =>
                    System.IO.Path.GetFileName(folder).StartsWith(name, StringComparison.Ordinal)
                    && folder.EndsWith(".part", StringComparison.Ordinal)
                    && Directory
                        .EnumerateFileSystemEntries(folder)
                        .Prepend(folder)
                        .Max(File.GetLastWriteTimeUtc)
                        < DateTime.UtcNow - Abandoned
                )
                .ToList()
        )
        {
            Remove(folder);
        }
    }

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
