namespace EchoRate.Cli.Tests.Looking;

/// <summary><c>echorate prefixes</c> as its user starts it.</summary>
public sealed class PrefixesRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Prefixes_ranks_them_and_says_that_it_is_bos()
    {
        Miniatures.Gemma3.Write(_folder.At("m-F16.gguf"));

        var outcome = Echorate.Run(
            _folder.Path,
            "prefixes m-F16.gguf --prefixes 12 --seed 3 --arithmetic both --threads 1 --csv data --out r"
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var table = CsvFile.Read(_folder.At("r/prefixes.csv"));
        Assert.Equal(
            "schema_version,run_id,file_id,model,family,quant,label,token_embd_type,engine,device,gpu_layers,arithmetic,arm,bos_kind,prefix_id,prefix_piece,prefix_hex,prefix_kind,item_set,item,category,token_id,token_piece,token_hex,input_ids,top1_id,top1_piece,top1_hex,echo,echo_class,echo_margin_nat,token_logprob_nat,token_rank,top1_logprob_nat,entropy_nat,residual_max,residual_rms,first_residual_max,first_attention,sink_heads,status,flags,reason",
            string.Join(',', table.Columns)
        );
        var rows = table.Rows.Where(row => row["arithmetic"] == "exact").ToList();
        Assert.Equal(table.Rows.Count, 2 * rows.Count);
        Assert.Equal(12 * 27, rows.Count(row => row["prefix_kind"] == "ordinary"));
        Assert.Equal(27, rows.Count(row => row["prefix_kind"] == "none"));
        Assert.All(rows, row => Assert.Equal(row["prefix_kind"] == "bos" ? "0" : "1", row["echo"]));
        Assert.All(
            rows,
            row =>
                Assert.Equal(
                    row["prefix_id"].Length == 0
                        ? $"[{row["token_id"]}]"
                        : $"[{row["prefix_id"]} {row["token_id"]}]",
                    row["input_ids"]
                )
        );
        var ranked = CsvFile
            .Read(_folder.At("r/prefixes-summary.csv"))
            .Rows.Where(row => row["arithmetic"] == "exact")
            .ToList();
        Assert.Equal(rows.Count / 27, ranked.Count);
        Assert.Equal(
            Enumerable.Range(1, ranked.Count).Select(rank => $"{rank}"),
            ranked.Select(row => row["rank"])
        );
        Assert.Equal(
            ("bos", "0", "27"),
            (ranked[0]["prefix_kind"], ranked[0]["rate"], ranked[0]["measured"])
        );
        Assert.Contains(
            "words: 27/27 echo with nothing in front, 0/27 behind BOS, 100 % on average behind 12 ordinary tokens: it is BOS that ends the echo, not any first token (0 of 12 ordinary tokens do).",
            outcome.Out
        );
        Assert.Contains("| '<bos>'", outcome.Out);
        var report = File.ReadAllText(_folder.At("r/report.md"));
        Assert.Contains("it is BOS that ends the echo", report);
        Assert.Contains("| 1 | `'<bos>'` | bos | 0/27 | 0.000 |", report);
    }

    [Fact]
    public void A_word_of_two_tokens_has_its_row_behind_every_prefix_and_a_file_may_lack_bos()
    {
        MiniatureTraps
            .All.First(trap => trap.BosKind == BosKind.None)
            .Write(_folder.At("m-F16.gguf"));
        _folder.Write("w.csv", "item\n James\n James Mary\n");

        var outcome = Echorate.Run(
            _folder.Path,
            "prefixes m-F16.gguf --items w.csv --prefixes 2 --threads 1 --csv data --out r"
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var rows = CsvFile.Read(_folder.At("r/prefixes.csv")).Rows;
        Assert.DoesNotContain(rows, row => row["prefix_kind"] == "bos");
        Assert.Equal(
            Enumerable
                .Repeat((string[])["ok", "not_single_token"], rows.Count / 2)
                .SelectMany(two => two),
            rows.Select(row => row["status"])
        );
        Assert.Contains("(there is no BOS)", outcome.Out);
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
