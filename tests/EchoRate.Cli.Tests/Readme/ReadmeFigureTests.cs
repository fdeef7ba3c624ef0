using System.Text.RegularExpressions;

namespace EchoRate.Cli.Tests.Readme;

/// <summary>The rates that README.md and docs print are those that the program gives.</summary>
public sealed partial class ReadmeFigureTests(DemoRun demo)
{
    // CPUs differ by up to this much in a margin (nat): in F16 files, and in small quantized ones. What is nearer may fall the other way.
    private const double NearInF16 = 0.03;
    private const double NearInQuantized = 0.2;

    [Fact]
    public void The_first_screen_of_the_demo()
    {
        var shown = Screen(
            File.ReadLines(Path.Combine(Repository.Root, "docs", "demo.md"))
                .SkipWhile(line => line != "<!-- screen: demo -->")
                .Skip(2)
        );
        var printed = Screen(
            demo.Outcome.Out.ReplaceLineEndings("\n")
                .Split('\n')
                .SkipWhile(line => !line.StartsWith("demo-echo F16 (constructed"))
        );

        Assert.Equal(37, shown.Count);
        // Another CPU adds up in another order, which the last digit of a divergence shows, and a near tie.
        var isDoubtful = demo.Run.Echo.Rows.Any(row =>
            row.Number("echo_margin_nat") is { } margin && Math.Abs(margin) < NearInF16
        );
        Assert.Equal(shown.Select(Known), printed.Select(Known));

        string Known(string line) =>
            isDoubtful ? Digits().Replace(line, "#")
            : line.StartsWith("| ") ? line[..line.TrimEnd(' ', '|').LastIndexOf('|')]
            : line;
    }

    // To the lines that name files; how the library's arithmetic differs is another machine's matter.
    private static List<string> Screen(IEnumerable<string> lines) =>
        [
            .. lines
                .TakeWhile(line => !line.StartsWith("Word by word:") && !line.StartsWith("Report:"))
                .Where(line => !line.StartsWith("  llama.cpp's own arithmetic")),
        ];

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    [Fact]
    public void Rates_of_the_arm_neutral()
    {
        using var folder = new TemporaryFolder();
        var outcome = Echorate.Run(
            folder.Path,
            [
                "run",
                .. new[] { "demo-echo-F16", "demo-plain-F16" }.SelectMany(name =>
                    (string[])["--file", demo.Model(name)]
                ),
                .. "--items words --prompts ioi --arms without,with,neutral --threads 1 --csv data --out r".Split(
                    ' '
                ),
            ]
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var run = new RunOnDisk(folder.At("r"));
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "files.md"))
            .SkipWhile(line => line != "<!-- table: neutral rates -->")
            .SkipWhile(line => !line.StartsWith('|'))
            .TakeWhile(line => line.StartsWith('|'))
            .Skip(2)
            .Select(Cells)
            .ToList();
        Assert.Equal(6, lines.Count);
        Assert.All(lines, line => Same(line, run));
    }

    private static void Same(string[] line, RunOnDisk run)
    {
        var (file, arm) = (line[0], line[1]);
        CsvRow Row(string probe) =>
            run.Summary.Rows.Single(row =>
                $"{row["model"]} {row["label"]}" == file
                && row["arm"] == arm
                && row["probe"] == probe
            );
        var echo = Row("echo");
        var doubtful = Doubtful(run.Echo, file, arm, "echo_margin_nat");
        Near(line[2], echo, doubtful);
        Near(
            line[6],
            Row("completion"),
            Doubtful(run.Completion, file, arm, "expected_margin_nat")
        );
        if (doubtful == 0)
        {
            string Of(string column) =>
                echo.Number(column)?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";
            var interval = echo["rate_low"] == "" ? "" : $"{Of("rate_low")}–{Of("rate_high")}";
            Assert.Equal((line[3], line[4], line[5]), (Of("rate"), interval, echo["near_ties"]));
        }
    }

    // Hits of as many.
    private static void Near(string said, CsvRow row, int doubtful)
    {
        var hits = said.Split('/').Select(part => int.Parse(part, CultureInfo.InvariantCulture));
        Assert.Equal(row.Number("measured"), hits.Last());
        Assert.InRange(row.Number("hits")!.Value - hits.First(), -doubtful, doubtful);
    }

    private static int Doubtful(CsvFile csv, string file, string arm, string margin)
    {
        // `demo-echo Q2_K-embd-Q2_K`
        var words = file.Split(' ');
        var near = words[1] == "F16" ? NearInF16 : NearInQuantized;
        return csv.Rows.Count(row =>
            row["model"] == words[0]
            && row["label"] == words[1]
            && row["arm"] == arm
            && (row.Cells.GetValueOrDefault("item_set") ?? row.Cells["prompt_set"])
                is "words"
                    or "ioi"
            && row.Number(margin) is { } value
            && Math.Abs(value) < near
        );
    }

    private static string[] Cells(string line) =>
        [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
}
