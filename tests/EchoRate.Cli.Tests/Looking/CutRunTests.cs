using System.Text.RegularExpressions;

namespace EchoRate.Cli.Tests.Looking;

/// <summary><c>echorate cut</c> as its user starts it.</summary>
public sealed class CutRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Cut_writes_rows_and_their_summary_and_says_which_layer_decides()
    {
        Miniatures.Gemma2.Write(_folder.At("m-F16.gguf"));

        var outcome = Echorate.Run(
            _folder.Path,
            "cut m-F16.gguf --heads --prompts ioi --arithmetic both --threads 1 --csv data --out r"
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var cut = CsvFile.Read(_folder.At("r/cut.csv"));
        Assert.Equal(
            "schema_version,run_id,file_id,model,family,quant,label,token_embd_type,engine,device,gpu_layers,arithmetic,arm,bos_kind,prefix_id,prefix_piece,cut,layer,head,positions,item_set,item,category,token_id,token_piece,token_hex,input_ids,echo,echo_margin_nat,token_rank,token_logprob_nat,top1_id,top1_piece,top1_hex,top1_logprob_nat,entropy_nat,expected,hit,expected_margin_nat,residual_max,residual_rms,first_residual_max,first_attention,sink_heads,status,flags,reason",
            string.Join(',', cut.Columns)
        );
        var words = cut.Rows.Where(row => row["item_set"] == "words").ToList();
        Assert.Equal(["exact", "library"], words.Select(row => row["arithmetic"]).Distinct());
        // 10 cuts of layers, and of 2 layers 4 heads, each alone and each spared.
        Assert.Equal(2 * 27 * (10 + 16), words.Count);
        Assert.All(words, row => Assert.Equal("with", row["arm"]));
        Assert.Equal(
            ["none", "all", "from", "from", "upto", "upto", "only", "only", "all_but", "all_but"],
            words.Skip(26).Take(10).Select(row => row["cut"])
        );
        Assert.All(
            words.Where(row =>
                row["cut"] == "only" && row["layer"] == "0" && row["head"] is "" or "0"
            ),
            row => Assert.Equal("1", row["echo"])
        );
        var prompts = cut.Rows.Where(row => row["item_set"] == "ioi").ToList();
        Assert.All(prompts, row => Assert.NotEqual("", row["expected"]));

        var summary = CsvFile.Read(_folder.At("r/cut-summary.csv"));
        var best = summary.Rows.First(row => row["cut"] == "all_but" && row["layer"] == "0");
        Assert.Equal(
            ("27", "0", "27", "27", "1"),
            (
                best["measured"],
                best["echoes"],
                best["changed"],
                best["decides"],
                best["decides_rank"]
            )
        );
        Assert.True(best.Number("echo_rate_high") is > 0.1 and < 0.15);
        Assert.Equal(
            prompts.Count(row => row["cut"] == "all" && row["hit"] == "1") / 2,
            summary
                .Rows.First(row => row["item_set"] == "ioi" && row["cut"] == "all")
                .Number("hits")
        );
        Assert.Contains(
            "m F16 (cpu-exact), words, with: 0/27 echo; 27/27 where the last position is cut off in every layer. Layer 0 decides most: 0/27 where it alone is not cut, 27/27 where it alone is.",
            outcome.Out
        );
        Assert.Contains("| Layer | Head | Only here | All but here |", outcome.Out);
        var report = File.ReadAllText(_folder.At("r/report.html"));
        // Of two arithmetics words and prompts.
        Assert.Equal(4, Regex.Count(report, "<svg"));
        Assert.Contains("Layer 0 decides most: 0/27 where it alone is not cut", report);
        Assert.Contains("Only here, layer 0: 27/27", report);
    }

    [Fact]
    public void A_layer_that_the_file_lacks_is_a_reason_and_exit_code_5()
    {
        Miniatures.Gemma2.Write(_folder.At("m-F16.gguf"));

        var outcome = Echorate.Run(
            _folder.Path,
            "cut m-F16.gguf --layers 1,7 --threads 1 --csv data --out r"
        );

        Assert.Equal(5, outcome.ExitCode);
        const string Reason = "layer 7 of --layers is not in this model; its layers are 0 to 1";
        Assert.All(
            CsvFile.Read(_folder.At("r/cut.csv")).Rows,
            row => Assert.Equal(("failed", Reason), (row["status"], row["reason"]))
        );
        var row = Assert.Single(CsvFile.Read(_folder.At("r/cut-summary.csv")).Rows);
        Assert.Equal(("failed", "", Reason), (row["status"], row["cut"], row["reason"]));
        Assert.Equal("", outcome.Out);
    }

    [Theory]
    [InlineData("--layers x", "--layers: 'x' is not allowed; allowed: a whole number from 0 to")]
    [InlineData("--layers -1", "--layers: '-1' is not allowed; allowed: a whole number from 0 to")]
    [InlineData("--layers 3,3", "--layers: '3' is given twice")]
    [InlineData("--positions 1.5", "--positions: '1.5' is not allowed")]
    [InlineData("--items common:3", "--items: common:N is a set of 'run' alone")]
    public void Bad_words_are_one_line(string words, string expected)
    {
        var outcome = Echorate.Run(_folder.Path, "cut a.gguf " + words);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(expected, Assert.Single(outcome.Error.Trim().Split('\n')));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
