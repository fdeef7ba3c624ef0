using System.Text.RegularExpressions;

namespace EchoRate.Cli.Tests.Readme;

/// <summary>The rates that docs print of the demo's models are those that the program gives.</summary>
public sealed partial class ReadmeFigureTests(DemoRun demo) : ProgramTests
{
    [Fact]
    public void The_first_screen_of_the_demo()
    {
        var shown = Screen(Block("demo.md", "<!-- screen: demo -->"));
        var printed = Screen(
            demo.Outcome.OutLines.SkipWhile(line => !line.StartsWith("demo-echo F16 (constructed"))
        );

        Assert.Equal(37, shown.Count);
        // Another CPU adds up in another order, which the last digit of a divergence shows, and a near tie.
        var isDoubtful = demo.Run.Echo.Rows.Any(row =>
            Math.Abs(row.Number("echo_margin_nat")!.Value) < 0.03
        );
        Assert.Equal(shown.Select(Known), printed.Select(Known));

        string Known(string line) =>
            isDoubtful ? Digits().Replace(line, "#")
            : line.StartsWith("| ") ? line[..line.TrimEnd(' ', '|').LastIndexOf('|')]
            : line;
    }

    [Fact]
    public void Rates_of_the_arm_neutral()
    {
        var run = Measure(
            $"run --file {demo.Model("demo-echo-F16")} --file {demo.Model("demo-plain-F16")} "
                + "--items words --prompts ioi --arms without,with,neutral --no-check"
        );

        var shown = Block("files.md", "<!-- table: neutral rates -->")
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => Regex.Replace(line, "[| ]+", " ").Trim());
        foreach (var (line, row) in shown.Zip(run.Summary.Where("probe=echo")))
        {
            var same = row.Tell("file_id arm");
            var prompts = run
                .Summary.Where("probe=completion")
                .Single(other => other.Tell("file_id arm") == same);
            var interval = row["rate_low"] == "" ? "" : $"{Of("rate_low")}–{Of("rate_high")} ";
            var figures = $"{Hits(row)} {Of("rate")} {interval}{row["near_ties"]} {Hits(prompts)}";
            Assert.StartsWith(row.Tell("model label arm"), line);
            // On another CPU a near tie may fall the other way, or be none.
            Assert.True(row["near_ties"] != "0" || line.EndsWith(" " + figures), figures);

            string Of(string column) => row.Number(column)!.Value.ToString("0.000");
        }

        static string Hits(CsvRow row) => $"{row["hits"]}/{row["measured"]}";
    }

    // What stands behind a mark, and the line that opens a block.
    private static IEnumerable<string> Block(string page, string mark) =>
        File.ReadLines(Path.Combine(Repository.Root, "docs", page))
            .SkipWhile(line => line != mark)
            .Skip(2);

    // To the lines that name files; how the library's arithmetic differs is another machine's matter.
    private static List<string> Screen(IEnumerable<string> lines) =>
        [
            .. lines
                .TakeWhile(line => !line.StartsWith("Word by word:") && !line.StartsWith("Report:"))
                .Where(line => !line.StartsWith("  llama.cpp's own arithmetic")),
        ];

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
