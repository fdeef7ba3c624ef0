using System.Globalization;

namespace EchoRate.Runs.Folder;

/// <summary>
/// A run's folder and the names in it:
/// <code>
/// run.json            provenance
/// files.csv echo.csv completion.csv summary.csv compare.csv
/// rows/*.jsonl        every row, as it was measured; the CSV files are rendered from it
/// rows/*.check.jsonl  some rows once more, in the other arithmetic
/// logs/*.log          what llama.cpp said
/// run.lock            held while somebody writes here
/// </code>
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string InfoName = "run.json";
    private const string RowsName = "rows";
    private const string LogsName = "logs";
    private const string CheckEnd = ".check.jsonl";

    private IDisposable? _lock;

    private RunFolder(string path) => Path = path;

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>The run's id: the folder's name.</summary>
    public string RunId => new DirectoryInfo(Path).Name;

    /// <summary>The provenance file.</summary>
    public string InfoPath => InfoPathIn(Path);

    private string RowsFolder => System.IO.Path.Combine(Path, RowsName);

    private string LogsFolder => System.IO.Path.Combine(Path, LogsName);

    /// <summary>The journals of the run, in the order of its files, and of each file in the order of the targets.</summary>
    public IReadOnlyList<string> Journals =>
        Directory.Exists(RowsFolder)
            ?
            [
                .. Directory
                    .EnumerateFiles(RowsFolder, "*.jsonl")
                    .Where(path => !path.EndsWith(CheckEnd, StringComparison.Ordinal))
                    .OrderBy(NumberOf)
                    .ThenBy(path => path, StringComparer.Ordinal),
            ]
            : [];

    /// <summary>The journal of one file of the run.</summary>
    public string JournalPath(string stem) => System.IO.Path.Combine(RowsFolder, stem + ".jsonl");

    /// <summary>The journal of those rows of a file that were measured once more in the other arithmetic; it may not be there.</summary>
    public static string CheckOf(string journal) =>
        System.IO.Path.ChangeExtension(journal, CheckEnd);

    /// <summary>The log of one file of the run.</summary>
    public string LogPath(string stem) => System.IO.Path.Combine(LogsFolder, stem + ".log");

    /// <summary>What a worker is asked for one file of the run; it stays where the worker died.</summary>
    public string JobPath(string stem) => System.IO.Path.Combine(LogsFolder, stem + ".job.json");

    /// <summary>The folder that a run gets when nobody names one: <c>runs/yyyyMMdd-HHmmss</c>, with a number behind where that is taken.</summary>
    public static string DefaultPath(string parent, DateTimeOffset now)
    {
        var name = now.ToString("yyyyMMdd-HHmmss");
        var path = System.IO.Path.Combine(parent, "runs", name);
        for (var i = 2; Directory.Exists(path) || File.Exists(path); i++)
        {
            path = System.IO.Path.Combine(parent, "runs", $"{name}-{i}");
        }
        return path;
    }

    /// <summary>Makes a new run's folder and locks it. It may exist only if it is empty: nothing is overwritten.</summary>
    /// <exception cref="RunException">The path is a file, not empty, cannot be written, or another process writes into it.</exception>
    public static RunFolder Create(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        RequireNew(path);
        try
        {
            var folder = new RunFolder(path);
            Directory.CreateDirectory(path);
            folder._lock = RunLock.Take(path);
            if (IsRun(path))
            {
                // Begun by another process since we looked, which is gone already.
                folder.Dispose();
                throw new RunException(NotEmpty(path));
            }
            Directory.CreateDirectory(folder.RowsFolder);
            Directory.CreateDirectory(folder.LogsFolder);
            return folder;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw CannotBeWritten(path, e, "; --out names another folder");
        }
    }

    /// <summary>
    /// Makes sure that a new run may have this folder, and writes nothing. What a run leaves that was killed before it wrote run.json
    /// counts as empty.
    /// </summary>
    /// <exception cref="RunException">The path is a file, lies under one, is not empty, or cannot be read.</exception>
    public static void RequireNew(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            for (var at = path; at is not null; at = System.IO.Path.GetDirectoryName(at))
            {
                if (File.Exists(at))
                {
                    var what = at == path ? "is a file" : $"{at} is a file";
                    throw new RunException(
                        $"{path}: {what}; --out takes a folder that is new or empty"
                    );
                }
            }
            if (Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).All(IsTrace))
            {
                if (RunLock.IsHeld(path))
                {
                    throw new RunException(RunLock.InUse(path));
                }
                throw new RunException(NotEmpty(path));
            }
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw CannotBeWritten(path, e);
        }
    }

    /// <summary>Opens a run's folder to change it, and locks it.</summary>
    /// <exception cref="RunException">It is not there, no run's, cannot be written, or another process writes into it.</exception>
    public static RunFolder OpenToWrite(string path)
    {
        var folder = Open(path);
        try
        {
            folder._lock = RunLock.Take(folder.Path);
            Directory.CreateDirectory(folder.RowsFolder);
            Directory.CreateDirectory(folder.LogsFolder);
            return folder;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw CannotBeWritten(folder.Path, e);
        }
    }

    /// <summary>The folder of a path, whether it is there or not; nothing is made, nothing locked.</summary>
    public static RunFolder At(string path) => new(System.IO.Path.GetFullPath(path));

    /// <summary>Whether a folder holds a run, finished or not.</summary>
    public static bool IsRun(string path) => File.Exists(InfoPathIn(path));

    /// <summary>Whether another process writes into the folder.</summary>
    public bool IsInUse => _lock is null && RunLock.IsHeld(Path);

    /// <summary>Opens a run's folder to read it.</summary>
    /// <exception cref="RunException">It is not there, or no run's.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(System.IO.Path.GetFullPath(path));
        return IsRun(folder.Path)
            ? folder
            : throw new RunException($"{folder.Path}: not a run's folder: it has no run.json");
    }

    /// <summary>
    /// Removes what <see cref="Create"/> made and what came into it, of a run that did not come to be. Where that fails too it stays.
    /// </summary>
    public void Discard()
    {
        try
        {
            Directory.Delete(RowsFolder, recursive: true);
            Directory.Delete(LogsFolder, recursive: true);
            File.Delete(InfoPath);
            Dispose();
            Directory.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What went wrong before is what has to be said.
        }
    }

    /// <summary>Lets others write into the folder.</summary>
    public void Dispose() => _lock?.Dispose();

    private static string InfoPathIn(string path) => System.IO.Path.Combine(path, InfoName);

    // A run that was killed at once: its empty folders, its lock, and its provenance half written.
    private static bool IsTrace(string entry) =>
        Directory.Exists(entry)
            ? System.IO.Path.GetFileName(entry) is RowsName or LogsName
                && !Directory.EnumerateFileSystemEntries(entry).Any()
            : System.IO.Path.GetFileName(entry) is RunLock.FileName or InfoName + ".tmp";

    // Files times targets may be a thousand and more, which sort before 101 by their letters.
    private static int NumberOf(string journal) =>
        int.TryParse(
            System.IO.Path.GetFileName(journal).Split('-')[0],
            NumberStyles.None,
            null,
            out var number
        )
            ? number
            : int.MaxValue;

    private static bool IsRefusal(Exception e) =>
        e
            is IOException
                or UnauthorizedAccessException
                or NotSupportedException
                or ArgumentException;

    private static string NotEmpty(string path) =>
        $"{path}: is not empty; --out takes a folder that is new or empty, and nothing is overwritten";

    private static RunException CannotBeWritten(string path, Exception e, string remedy = "") =>
        new(
            $"{path}: cannot be written: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}{remedy}",
            e
        );

    /// <summary>A stem for the names of one file's journal and log: <c>NNN-model-quant-engine-device</c>, safe in every file system.</summary>
    /// <param name="index">Its place among all files on all targets, from 1.</param>
    /// <param name="parts">Model, quantization, engine, device; empty ones are left out.</param>
    public static string Stem(int index, params string?[] parts)
    {
        var safe = parts
            .Where(part => !string.IsNullOrEmpty(part))
            .Select(part => string.Concat(part!.Select(SafeChar)));
        var stem = $"{index:D3}-{string.Join('-', safe)}";
        // Most file systems end a name at 255 bytes; ours are ASCII, and an extension follows.
        return stem.Length <= 200 ? stem : stem[..200];
    }

    private static char SafeChar(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_';
}
