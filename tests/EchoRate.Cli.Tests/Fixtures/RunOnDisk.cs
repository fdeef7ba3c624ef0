namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>A run's folder, read back.</summary>
internal sealed class RunOnDisk(string path, char separator = ',')
{
    private readonly Dictionary<string, CsvFile> _files = [];

    /// <summary>The folder.</summary>
    public string Path => path;

    public CsvFile Files => Csv("files");

    public CsvFile Echo => Csv("echo");

    public CsvFile Completion => Csv("completion");

    public CsvFile Summary => Csv("summary");

    public CsvFile Compare => Csv("compare");

    /// <summary>The journals, in the order of the run's files, those of samples in the other arithmetic left out.</summary>
    public IEnumerable<string> Journals =>
        Directory
            .EnumerateFiles(System.IO.Path.Combine(path, "rows"))
            .Where(journal => !journal.EndsWith(".check.jsonl"))
            .Order(StringComparer.Ordinal);

    /// <summary>The rows of a journal; every line must be whole.</summary>
    public static IEnumerable<JsonElement> Rows(string journal) =>
        File.ReadLines(journal)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(line => line.EnumerateObject().First())
            .Where(first => first.Name is "echo" or "completion" or "look")
            .Select(first => first.Value);

    /// <summary>Every file in the folder, relative, with slashes.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. Directory
                .EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(path, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    private CsvFile Csv(string table)
    {
        // Classes that share a run are tested side by side.
        lock (_files)
        {
            if (!_files.TryGetValue(table, out var file))
            {
                file = CsvFile.Read(System.IO.Path.Combine(path, table + ".csv"), separator);
                _files.Add(table, file);
            }
            return file;
        }
    }
}
