using System.Text.RegularExpressions;

namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>A run's folder, read back.</summary>
internal sealed class RunOnDisk(string path, char separator = ',')
{
    private readonly Dictionary<string, CsvFile> _files = [];

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>How the program ended that left it, where a test of this run's own started it.</summary>
    public Outcome Outcome { get; init; } = new(0, "", "");

    /// <summary>run.json.</summary>
    public JsonElement Info =>
        JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(path, "run.json"))).RootElement;

    /// <summary>report.md.</summary>
    public string Report => File.ReadAllText(System.IO.Path.Combine(path, "report.md"));

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

    /// <summary>
    /// Leaves what a run leaves that was killed: its journals, the one with this number (from 0) cut off in its midst and those behind it gone, and
    /// beginnings of other files.
    /// </summary>
    public void CutOff(int file = int.MaxValue, double part = 1)
    {
        foreach (var journal in Journals.Skip(file).Skip(1).ToList())
        {
            File.Delete(journal);
        }
        foreach (var journal in Journals.Skip(file))
        {
            using var stream = File.OpenWrite(journal);
            stream.SetLength((long)(stream.Length * part));
        }
        Directory.GetFiles(path, "*.csv").ToList().ForEach(File.Delete);
        var info = System.IO.Path.Combine(path, "run.json");
        File.WriteAllText(System.IO.Path.Combine(path, "echo-001.csv.partial"), "schema_version,");
        File.WriteAllText(info + ".tmp", "{");
        File.WriteAllText(
            info,
            Regex.Replace(File.ReadAllText(info), @",\s*""finished"": ""[^""]+""", "")
        );
    }

    /// <summary>Every file in the folder, relative, with slashes.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. Directory
                .EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(path, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>A table by its file's name.</summary>
    public CsvFile Csv(string table)
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
