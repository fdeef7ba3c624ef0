namespace EchoRate.Cli.Tests.Looking;

/// <summary><c>echorate positions</c> as its user starts it.</summary>
public sealed class PositionsRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Positions_writes_a_row_for_every_token_and_says_how_far_the_echo_lasts()
    {
        Miniatures.Gemma2.Write(_folder.At("m-F16.gguf"));
        _folder.Write(
            "story.txt",
            string.Concat(Enumerable.Repeat(" James Mary red run", 25)) + "\n"
        );

        var outcome = Echorate.Run(
            _folder.Path,
            "positions m-F16.gguf --text story.txt --window 80 --arithmetic both --threads 1 --csv data --out r"
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var positions = CsvFile.Read(_folder.At("r/positions.csv"));
        Assert.Equal(
            "schema_version,run_id,file_id,model,family,quant,label,token_embd_type,engine,device,gpu_layers,arithmetic,arm,bos_kind,prefix_id,prefix_piece,window,position,token_id,token_piece,token_hex,echo,token_rank,echo_margin_nat,next_id,next_piece,next_logprob_nat,next_rank,top1_id,top1_piece,entropy_nat,residual_max,residual_rms,first_residual_max,first_attention,sink_heads,status,flags,reason",
            string.Join(',', positions.Columns)
        );
        // The file's last line break is no token of the text.
        Assert.Equal(2 * 2 * 100, positions.Rows.Count);
        Assert.Equal(
            ["exact", "library"],
            positions.Rows.Select(row => row["arithmetic"]).Distinct()
        );
        var rows = positions.Rows.Take(200).ToList();
        Assert.Equal(
            Enumerable.Range(0, 80).Concat(Enumerable.Range(0, 20)),
            rows.Take(100).Select(row => int.Parse(row["position"], CultureInfo.InvariantCulture))
        );
        Assert.All(rows.Take(100), row => Assert.Equal("1", row["echo"]));
        // The layer that looks for BOS slides, and sees 64 positions.
        Assert.All(
            rows.Skip(100),
            row => Assert.Equal(row.Number("position") + 1 < 64 ? "0" : "1", row["echo"])
        );
        Assert.Equal("' Mary'", rows[0]["next_piece"]);
        Assert.Equal(["", ""], new[] { rows[79]["next_id"], rows[99]["next_logprob_nat"] });
        Assert.Equal("'<bos>'", rows[100]["prefix_piece"]);
        var summary = CsvFile.Read(_folder.At("r/positions-summary.csv")).Rows;
        Assert.Equal(2 * 2 * 11, summary.Count);
        var bin = summary.Single(row =>
            (row["arithmetic"], row["arm"], row["part"], row["first_token"])
            == ("exact", "with", "bin", "65")
        );
        Assert.Equal(
            ("80", "16", "16", "1"),
            (bin["last_token"], bin["positions"], bin["echoes"], bin["rate"])
        );
        var run = new RunOnDisk(_folder.At("r"));
        Assert.Equal(2, run.Files.Rows.Count);
        Assert.Contains("| 5–8 ", outcome.Out);
        Assert.Contains("As llama-perplexity", outcome.Out);
        var report = File.ReadAllText(_folder.At("r/report.html"));
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(report, "<svg"));
        Assert.Contains(
            "| with | 65–80 | 16/16 | 1.000 |",
            File.ReadAllText(_folder.At("r/report.md"))
        );
    }

    // The figures are llama-perplexity's own; scripts/perplexity-figure makes them again.
    [Theory]
    [InlineData(32, "2.9836")]
    [InlineData(64, "2.4534")]
    public void Stories260K_has_the_perplexity_that_llama_perplexity_counts(
        int window,
        string figure
    )
    {
        var model = TrainedRun.Model();
        var story = Path.Combine(Repository.Root, "tests/EchoRate.Cli.Tests/Looking/story.txt");

        var outcome = Echorate.Run(
            _folder.Path,
            "positions",
            model,
            "--text",
            story,
            "--window",
            $"{window}",
            "--threads",
            "1",
            "--csv",
            "data",
            "--out",
            "r"
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var rows = CsvFile
            .Read(_folder.At("r/positions-summary.csv"))
            .Rows.Where(row => row["llama_perplexity"].Length > 0)
            .ToList();
        var row = Assert.Single(rows);
        Assert.Equal(("with", "all"), (row["arm"], row["part"]));
        Assert.Equal(
            figure,
            row.Number("llama_perplexity")!.Value.ToString("F4", CultureInfo.InvariantCulture)
        );
        Assert.Contains($" {figure} |", outcome.Out);
    }

    [Fact]
    public void A_text_on_the_command_line_may_be_one_token_and_a_model_may_have_no_bos()
    {
        Miniatures.Gemma.Write(_folder.At("m-F16.gguf"));

        var one = Echorate.Run(
            _folder.Path,
            "positions",
            "m-F16.gguf",
            "--text",
            " James",
            "--threads",
            "1",
            "--csv",
            "excel-eu",
            "--out",
            "one"
        );

        Assert.True(one.ExitCode == 0, one.Error);
        var rows = CsvFile.Read(_folder.At("one/positions.csv"), ';').Rows;
        Assert.Equal(["1", "0"], rows.Select(row => row["echo"]));
        Assert.All(rows, row => Assert.Equal("", row["next_logprob_nat"]));
        Assert.All(
            CsvFile.Read(_folder.At("one/positions-summary.csv"), ';').Rows,
            row => Assert.Equal("", row["perplexity"])
        );
    }

    [Theory]
    [InlineData(2, "--text: give the name of a text file, or a text", "positions m-F16.gguf")]
    [InlineData(3, "missing.txt: does not exist", "positions m-F16.gguf --text missing.txt")]
    [InlineData(3, "empty.txt: is empty", "positions m-F16.gguf --text empty.txt")]
    [InlineData(
        3,
        "latin.txt, line 2: is not UTF-8; save the file as UTF-8.",
        "positions m-F16.gguf --text latin.txt"
    )]
    [InlineData(2, "--window", "positions m-F16.gguf --text story.txt --window 0")]
    [InlineData(
        2,
        "--window: 99999999 is not allowed for m; allowed: 1 to ",
        "positions m-F16.gguf --text story.txt --window 99999999"
    )]
    [InlineData(2, "--arms: 'nosuch'", "positions m-F16.gguf --text story.txt --arms nosuch")]
    [InlineData(2, "name a model file", "positions --text story.txt")]
    public void Bad_words_are_one_line(int code, string expected, string words)
    {
        Miniatures.Gemma.Write(_folder.At("m-F16.gguf"));
        _folder.Write("story.txt", " James\n");
        _folder.Write("empty.txt", "\n");
        File.WriteAllBytes(_folder.At("latin.txt"), [.. " James\n caf"u8, 0xe9]);
        var before = _folder.Snapshot();

        var outcome = Echorate.Run(_folder.Path, words);

        Assert.Contains(expected, Assert.Single(outcome.Error.Trim().Split('\n')));
        Assert.Equal(code, outcome.ExitCode);
        Assert.Equal(before, _folder.Snapshot());
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
