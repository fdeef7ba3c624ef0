namespace EchoRate.Cli.Tests.Published;

/// <summary>People measure part numbers, dates and whole chapters, and open the files in a spreadsheet.</summary>
public sealed class SpreadsheetRunTests(DemoRun demo) : IDisposable
{
    private const int Most = 32_767;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Cells_that_Excel_would_cut_are_counted_and_said()
    {
        var chapter = new string('x', Most + 1);
        _folder.Write("p.csv", $"id,prompt,expected\n{chapter}, John, Mary\n2, John, Mary\n");

        var excel = Run("--items words --prompts p.csv --csv excel");
        var info = File.ReadAllText(_folder.At("r", "run.json"));
        Directory.Delete(_folder.At("r"), recursive: true);
        var data = Run("--items words --prompts p.csv --csv data");

        Assert.Contains(
            excel.ErrorLines,
            line =>
                line.StartsWith(
                    "Warning: completion.csv has cells longer than the 32,767 characters that Excel keeps (2 of prompt_id"
                ) && line.EndsWith("best with --csv data")
        );
        Assert.Contains(
            "\"column\": \"prompt_id\",\n      \"count\": 2",
            info.ReplaceLineEndings("\n")
        );
        Assert.DoesNotContain("longer than", data.Error);
        Assert.Contains(chapter, File.ReadAllText(_folder.At("r", "completion.csv")));
    }

    public void Dispose() => _folder.Dispose();

    private Outcome Run(string words) =>
        Echorate.Run(
            _folder.Path,
            $"run --file {demo.Model("demo-echo-Q8_0")} --threads 1 --continue-tokens 0 --out r {words}"
        );
}
