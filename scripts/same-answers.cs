#:project ../tests/EchoRate.Testing/EchoRate.Testing.csproj
// What scripts/same-answers needs beside the programs:
//   miniature FILE     writes a miniature
//   compare OLD NEW    holds the CSV files of all runs in two folders against each other, cell by cell, byte for byte
using System.Text;
using EchoRate.Testing;

if (args is ["miniature", var file])
{
    Miniatures.Gemma3.Write(file);
    return 0;
}
return args is ["compare", var old, var now] ? Comparison.Of(old, now) : 2;

internal static class Comparison
{
    private const int MostShown = 20;

    private static readonly string[] s_tables =
    [
        "files.csv",
        "echo.csv",
        "completion.csv",
        "summary.csv",
        "compare.csv",
    ];

    // Times, memory, versions, and the name and path of the folder.
    private static readonly string[] s_leftOut =
    [
        "run_id",
        "path",
        "engine_version",
        "load_ms",
        "decode_ms",
        "rows_per_second",
        "peak_rss_bytes",
        "peak_device_bytes",
    ];

    internal static int Of(string old, string now)
    {
        var runs = Directory.GetDirectories(old).Select(path => Path.GetFileName(path)).Order();
        var (rows, cells) = (0, 0L);
        var differences = new List<string>();
        foreach (var run in runs)
        {
            var oldFiles = new FileNumbers();
            var newFiles = new FileNumbers();
            foreach (var table in s_tables)
            {
                var a = Read(Path.Combine(old, run, table));
                var b = Read(Path.Combine(now, run, table));
                Console.WriteLine($"{run}/{table}: {a.Count - 1} rows, {a[0].Length} columns");
                if (!a[0].SequenceEqual(b[0]) || a.Count != b.Count)
                {
                    differences.Add($"{run}/{table}: other columns, or {b.Count - 1} rows");
                    continue;
                }
                for (var row = 1; row < a.Count; row++)
                {
                    rows++;
                    for (var i = 0; i < a[0].Length; i++)
                    {
                        var column = a[0][i];
                        if (s_leftOut.Contains(column))
                        {
                            continue;
                        }
                        cells++;
                        var (x, y) = (
                            oldFiles.Number(column, a[row][i]),
                            newFiles.Number(column, b[row][i])
                        );
                        if (x != y)
                        {
                            differences.Add($"{run}/{table}, row {row}, {column}: {x} was, {y} is");
                        }
                    }
                }
            }
        }
        foreach (var difference in differences.Take(MostShown))
        {
            Console.WriteLine(difference);
        }
        Console.WriteLine($"{rows} rows ({cells} cells) compared, {differences.Count} differences");
        return rows > 0 && differences.Count == 0 ? 0 : 1;
    }

    // Cells as they stand in the file, quotes included.
    private static List<string[]> Read(string path)
    {
        var lines = new List<string[]>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        foreach (var c in File.ReadAllText(path))
        {
            isQuoted ^= c == '"';
            if (isQuoted || c is not (',' or '\n'))
            {
                cell.Append(c);
                continue;
            }
            cells.Add(cell.ToString());
            cell.Clear();
            if (c == '\n')
            {
                lines.Add([.. cells]);
                cells.Clear();
            }
        }
        return lines;
    }
}

/// <summary>Model files by the order in which they come up: a file that is made again has the same number and may have another hash.</summary>
internal sealed class FileNumbers
{
    private readonly Dictionary<string, int> _numbers = [];

    internal string Number(string column, string cell) =>
        cell.Length == 0 ? ""
        : column == "sha256" ? "present"
        : !column.EndsWith("file_id", StringComparison.Ordinal) ? cell
        : $"file {(_numbers.TryGetValue(cell, out var number) ? number : _numbers[cell] = _numbers.Count)}";
}
