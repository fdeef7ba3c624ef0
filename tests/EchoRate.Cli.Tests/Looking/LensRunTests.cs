using System.Text.RegularExpressions;
using EchoRate.Cli.Tests.Resuming;

namespace EchoRate.Cli.Tests.Looking;

/// <summary><c>echorate lens</c> as its user starts it.</summary>
public sealed class LensRunTests : ProgramTests
{
    public LensRunTests() => Miniatures.Gemma2.Write(Folder.At("m-F16.gguf"));

    [Fact]
    public void Lens_writes_a_row_for_every_layer_and_says_where_the_echo_ends()
    {
        var run = Measure("lens m-F16.gguf --prompts ioi --arithmetic both");

        var lens = run.Csv("lens");
        Assert.Equal(2 * 2 * (27 + 60) * 3, lens.Rows.Count);
        var words = lens.Where("item_set=words");
        Assert.Equal(["exact", "library"], words.Tell("arithmetic").Distinct());
        Assert.Equal(
            ["without -1 1", "without 0 1", "without 1 1", "with -1 1", "with 0 1", "with 1 0"],
            words.Tell("arm layer echo").Distinct()
        );
        Assert.All(
            words,
            row =>
                Assert.InRange(
                    row.Number("residual_max")!.Value,
                    0.001,
                    row.Number("residual_norm")!.Value
                )
        );
        Assert.All(words.Where("layer=1"), row => Assert.Equal(row["top1_id"], row["next_id"]));
        Assert.Equal(2, run.Files.Rows.Count);
        Assert.Contains("|     1 |", run.Outcome.Out);
        Assert.Contains("0/27", run.Outcome.Out);
        // BOS draws the attention of the last layer, which is constructed so, and carries no large residual.
        Assert.Equal(
            ["none without 27 27", "none with 27 0"],
            run.Csv("sinks")
                .Where("arithmetic=exact item_set=words")
                .Tell("sink arm measured echoes")
        );
        Assert.Contains(
            "words: neither first tokens nor those that were looked at are attention sinks. 27/54 echo.",
            run.Outcome.Out
        );
        // A pair of charts for each arithmetic and the table behind them, and residuals by layer for each set and arm.
        var report = File.ReadAllText(Folder.At("r/report.html"));
        Assert.Equal(4 + (2 * 2 * 2), Regex.Count(report, "<svg"));
        Assert.Contains(
            "Largest residual by layer, median, with BOS: m F16 (cpu-exact), words",
            report
        );
        Assert.Contains("Echoes by layer: m F16 (cpu-exact)", report);
        Assert.Contains("| 1 | 27/27 |", run.Report);
        // Commands for answers refuse the folder of a look.
        foreach (var command in new[] { "report r", "compare r", "merge r --out s" })
        {
            var outcome = Run(command);
            Assert.Equal(3, outcome.ExitCode);
            Assert.Contains(Folder.At("r"), Assert.Single(outcome.ErrorLines));
        }
    }

    [Fact]
    public void What_cannot_be_measured_is_a_row_and_exit_code_5()
    {
        Folder.Write(
            "m.yaml",
            "schema_version: 1\nmodels:\n  - { name: away, files: [{ quant: F16, path: away.gguf }] }\n"
        );

        var rows = Measure(5, "lens --manifest m.yaml").Csv("lens");

        Assert.Equal(["without not_here", "with not_here"], rows.Tell("arm status"));
        Assert.All(rows.Rows, row => Assert.Contains("away.gguf", row["reason"]));
    }

    // The cut is killed in its heads, whose layers are chosen by rows that the first process measured.
    [Theory]
    [InlineData("lens", "--prompts ioi", 0.6)]
    [InlineData("cut", "--heads", 0.8)]
    public void A_look_that_was_cut_off_goes_on_and_has_the_same_rows(
        string look,
        string words,
        double part
    )
    {
        var run = Measure($"{look} m-F16.gguf {words}");
        var journal = Assert.Single(run.Journals);
        string[] tables =
        [
            .. Directory.GetFiles(run.Path, "*.csv").Where(path => !path.EndsWith("files.csv")),
        ];
        var whole = tables.Select(File.ReadAllText).ToList();
        var rows = SameRun.Rows(journal);
        run.CutOff(0, part);
        var left = File.ReadAllText(journal);

        if (look == "lens")
        {
            foreach (
                var (other, expected) in new[]
                {
                    ("run", "made by 'echorate lens'"),
                    ("lens m-F16.gguf --items all", "items: all, was words"),
                }
            )
            {
                var outcome = Run(other + " --resume --out r");
                Assert.Equal(2, outcome.ExitCode);
                Assert.Contains(expected, Assert.Single(outcome.ErrorLines));
            }
        }
        var resumed = Run($"{look} --resume --out r");
        var again = Run($"{look} --resume --out r");

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(run.Outcome.Out, resumed.Out);
        Assert.Equal(whole, tables.Select(File.ReadAllText));
        Assert.StartsWith(left[..(left.LastIndexOf('\n') + 1)], File.ReadAllText(journal));
        Assert.Equal(rows, SameRun.Rows(journal));
        Assert.Equal(0, again.ExitCode);
        Assert.StartsWith("The run is finished", Assert.Single(again.ErrorLines));
    }
}
