using System.Text.RegularExpressions;

namespace EchoRate.Cli.Tests.Looking;

/// <summary><c>echorate lens</c> as its user starts it.</summary>
public sealed class LensRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Lens_writes_a_row_for_every_layer_and_says_where_the_echo_ends()
    {
        Miniatures.Gemma2.Write(_folder.At("m-F16.gguf"));

        var outcome = Echorate.Run(
            _folder.Path,
            "lens m-F16.gguf --prompts ioi --arithmetic both --threads 1 --csv data --out r"
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var run = new RunOnDisk(_folder.At("r"));
        var lens = CsvFile.Read(_folder.At("r/lens.csv"));
        Assert.Equal(2 * 2 * (27 + 60) * 3, lens.Rows.Count);
        Assert.Equal(
            "schema_version,run_id,file_id,model,family,quant,label,token_embd_type,engine,device,gpu_layers,arithmetic,arm,bos_kind,prefix_id,prefix_piece,item_set,item,category,token_id,token_piece,token_hex,input_ids,layer,top1_id,top1_piece,top1_hex,echo,token_rank,echo_margin_nat,token_logprob_nat,next_id,next_piece,next_hex,next_logprob_nat,next_rank,entropy_nat,residual_norm,residual_max,residual_rms,first_residual_max,first_attention,sink_heads,status,flags,reason",
            string.Join(',', lens.Columns)
        );
        var words = lens.Rows.Where(row => row["item_set"] == "words").ToList();
        Assert.Equal(["exact", "library"], words.Select(row => row["arithmetic"]).Distinct());
        Assert.Equal(["-1", "0", "1"], words.Take(3).Select(row => row["layer"]));
        Assert.All(
            words,
            row =>
                Assert.Equal(row["arm"] == "with" && row["layer"] == "1" ? "0" : "1", row["echo"])
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
        Assert.All(
            words.Where(row => row["layer"] == "1"),
            row => Assert.Equal(row["top1_id"], row["next_id"])
        );
        Assert.Equal(2, run.Files.Rows.Count);
        Assert.Contains("run.json", run.Names);
        Assert.Contains("|     1 |", outcome.Out);
        Assert.Contains("0/27", outcome.Out);
        // BOS draws the attention of the last layer, which is constructed so, and carries no large residual.
        var sinks = CsvFile.Read(_folder.At("r/sinks.csv")).Rows;
        Assert.Equal(
            ["words none without 27 27", "words none with 27 0"],
            sinks
                .Where(row => row["arithmetic"] == "exact" && row["item_set"] == "words")
                .Select(row =>
                    $"{row["item_set"]} {row["sink"]} {row["arm"]} {row["measured"]} {row["echoes"]}"
                )
        );
        Assert.Contains(
            "words: neither first tokens nor those that were looked at are attention sinks. 27/54 echo.",
            outcome.Out
        );
        // A pair of charts for each arithmetic and the table behind them, and residuals by layer for each set and arm.
        var report = File.ReadAllText(_folder.At("r/report.html"));
        Assert.Equal(4 + (2 * 2 * 2), Regex.Count(report, "<svg"));
        Assert.Contains(
            "Largest residual by layer, median, with BOS: m F16 (cpu-exact), words",
            report
        );
        Assert.Contains("Echoes by layer: m F16 (cpu-exact)", report);
        Assert.Contains("| 1 | 27/27 |", File.ReadAllText(_folder.At("r/report.md")));
    }

    [Theory]
    [InlineData("report r")]
    [InlineData("compare r")]
    [InlineData("merge r --out s")]
    public void Commands_for_answers_refuse_the_folder_of_a_look(string words)
    {
        Miniatures.Gemma2.Write(_folder.At("m-F16.gguf"));
        Assert.Equal(0, Echorate.Run(_folder.Path, "lens m-F16.gguf --threads 1 --out r").ExitCode);

        var outcome = Echorate.Run(_folder.Path, words);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains(_folder.At("r"), Assert.Single(outcome.ErrorLines));
    }

    [Fact]
    public void What_cannot_be_measured_is_a_row_and_exit_code_5()
    {
        _folder.Write(
            "m.yaml",
            "schema_version: 1\nmodels:\n  - name: away\n    files:\n      - { quant: F16, path: away.gguf }\n"
        );

        var outcome = Echorate.Run(_folder.Path, "lens --manifest m.yaml --csv data --out r");

        Assert.Equal(5, outcome.ExitCode);
        var rows = CsvFile.Read(_folder.At("r/lens.csv")).Rows;
        Assert.Equal(["without", "with"], rows.Select(row => row["arm"]));
        Assert.All(rows, row => Assert.Equal("not_here", row["status"]));
        Assert.All(rows, row => Assert.Contains("away.gguf", row["reason"]));
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
