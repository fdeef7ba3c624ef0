namespace EchoRate.Cli.Tests.Demo;

/// <summary>What <c>echorate demo</c> leaves behind and says.</summary>
public sealed class DemoFolderTests(DemoRun demo)
{
    private static readonly string[] s_ladder = ["F16", "Q8_0", "Q6_K", "Q4_K_M", "Q3_K_M", "Q2_K"];

    // Journals are named by model and quantization; the ladder has a second Q2_K, its token embedding in Q2_K too.
    private static readonly string[] s_journals =
    [
        .. s_ladder.Append("Q2_K").Select(quant => $"demo-echo-{quant}"),
        .. s_ladder.Select(quant => $"demo-plain-{quant}"),
    ];

    // In words a file bears its label, which tells the two apart.
    private static readonly string[] s_words =
    [
        .. s_ladder.Append("Q2_K-embd-Q2_K").Select(label => $"demo-echo {label}"),
        .. s_ladder.Select(label => $"demo-plain {label}"),
    ];

    private static readonly string[] s_models =
    [
        .. new[] { "demo-echo", "demo-plain" }.SelectMany(model =>
            s_ladder.Select(quant => $"{model}-{quant}")
        ),
        "demo-echo-Q2_K-embd-Q2_K",
    ];

    [Fact]
    public void Its_folder_holds_the_files_of_a_run_and_the_models_and_nothing_else()
    {
        string[] expected =
        [
            "run.json",
            "files.csv",
            "echo.csv",
            "completion.csv",
            "summary.csv",
            "compare.csv",
            "report.html",
            "report.md",
            .. s_models.Select(file => $"models/{file}.gguf"),
            .. s_journals.Select((file, i) => $"rows/{i + 1:D3}-{file}-llamasharp-cpu.jsonl"),
            .. s_journals.Select((file, i) => $"rows/{i + 1:D3}-{file}-llamasharp-cpu.check.jsonl"),
            .. s_journals.Select((file, i) => $"logs/{i + 1:D3}-{file}-llamasharp-cpu.log"),
        ];

        Assert.Equal(expected.Order(StringComparer.Ordinal), demo.Run.Names);
    }

    [Fact]
    public void Every_item_and_prompt_is_a_row_in_every_arm_of_every_file()
    {
        Assert.Equal(13, demo.Run.Files.Rows.Count);
        Assert.Equal(13 * 2 * 27, demo.Run.Echo.Rows.Count);
        Assert.Equal(13 * 2 * 61, demo.Run.Completion.Rows.Count);
        Assert.Equal(13 * 2 * 3, demo.Run.Summary.Rows.Count);
        // Each but the reference against it, each arm against the other, and each file in both arithmetics: 2 arms × 3 sets, 3 sets, 2 × 3 again.
        Assert.Equal(11 * 2 * 3 + 13 * 3 + 13 * 2 * 3, demo.Run.Compare.Rows.Count);
        Assert.All(
            demo.Run.Echo.Rows.GroupBy(row => (row["model"], row["quant"], row["arm"])),
            rows => Assert.Equal(27, rows.Select(row => row["item"]).Distinct().Count())
        );
    }

    [Fact]
    public void Rows_stand_in_the_order_file_set_arm_item()
    {
        var files = demo.Run.Files.Rows.Select(row => row["file_id"]).ToList();
        string[] arms = ["without", "with"];

        foreach (var table in new[] { demo.Run.Echo, demo.Run.Completion })
        {
            var set = table == demo.Run.Echo ? "item_set" : "prompt_set";
            var sets = table.Rows.Select(row => row[set]).Distinct().ToList();
            var order = table
                .Rows.Select(row =>
                    (
                        files.IndexOf(row["file_id"]),
                        sets.IndexOf(row[set]),
                        Array.IndexOf(arms, row["arm"])
                    )
                )
                .ToList();
            Assert.Equal(order.Order(), order);
        }
    }

    [Fact]
    public void Tables_go_to_stdout_and_words_to_stderr()
    {
        Assert.Matches(
            @"\| demo-echo F16 +\| 16\.0 \| F16 +\| 96\.3 \(82–99\) \|",
            demo.Outcome.Out
        );

        var words = demo
            .Outcome.ErrorLines.SkipWhile(line => line.Contains("llama.cpp v"))
            .ToList();
        Assert.Equal(
            "The demo's models are constructed, not trained: their weights are written by hand so that the answers are known.",
            words[0]
        );
        Assert.StartsWith("demo-echo: Constructed, not trained:", words[1]);
        Assert.StartsWith("demo-plain: Constructed, not trained:", words[2]);
        Assert.All(
            words[4..17].Zip(s_words),
            line =>
                Assert.Matches(
                    $@"^\[\d+/13\] {line.Second}: 176 rows, \d+ rows/s, loaded in \d+ ms on CPU$",
                    line.First
                )
        );
        Assert.Equal(17, words.Count);
    }

    [Fact]
    public void It_ends_with_one_screen_that_says_where_the_files_are()
    {
        var screen = demo.Outcome.Out.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

        Assert.StartsWith("demo-echo F16 (constructed", screen[0]);
        Assert.InRange(screen.Length, 20, 40);
        Assert.All(screen[..^2], line => Assert.InRange(line.Length, 0, 100));
        Assert.Equal($"Files:  {demo.Run.Path}", screen[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--quiet")]
    public void One_screen_is_printed_or_the_path_alone(string options)
    {
        using var folder = new TemporaryFolder();
        // A folder that is empty is taken.
        Directory.CreateDirectory(folder.At("r"));
        var words =
            $"run --file {demo.Model("demo-plain-Q2_K")} --items words --prompts published --continue-tokens 0 --no-check --threads 1 --out r {options}";

        var outcome = Echorate.Run(folder.Path, words.TrimEnd());

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(options == "--quiet", outcome.Out == folder.At("r") + Environment.NewLine);
        Assert.Equal(options != "--quiet", outcome.Out.Contains("| demo-plain Q2_K |  3.6 |"));
    }

    [Fact]
    public void What_is_piped_holds_no_escape_codes()
    {
        Assert.DoesNotContain('\u001b', demo.Outcome.Out);
        Assert.DoesNotContain('\u001b', demo.Outcome.Error);
    }

    [Fact]
    public void What_llama_cpp_says_is_in_the_logs_and_nowhere_else()
    {
        foreach (var log in Directory.EnumerateFiles(Path.Combine(demo.Run.Path, "logs")))
        {
            Assert.Contains("llama_model_loader:", File.ReadAllText(log));
        }
        foreach (var said in new[] { "llama_", "ggml_", "load_tensors", "print_info" })
        {
            Assert.DoesNotContain(said, demo.Outcome.Out);
            Assert.DoesNotContain(said, demo.Outcome.Error);
        }
    }

    [Fact]
    public void The_provenance_is_complete()
    {
        using var json = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(demo.Run.Path, "run.json"))
        );
        var run = json.RootElement;

        Assert.Equal(5, run.GetProperty("schema_version").GetInt32());
        Assert.Equal("demo", run.GetProperty("run_id").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+", run.GetProperty("echorate_version").GetString());
        Assert.Equal(
            ["demo", "--threads", "1", "--out", "demo", "--csv", "data"],
            run.GetProperty("arguments").EnumerateArray().Select(word => word.GetString())
        );
        Assert.Equal(0, run.GetProperty("options").GetProperty("seed").GetInt32());
        Assert.Equal(13, run.GetProperty("files").GetArrayLength());
        var engine = run.GetProperty("engine");
        Assert.Equal("llamasharp", engine.GetProperty("name").GetString());
        Assert.StartsWith("0.", engine.GetProperty("version").GetString());
        Assert.Contains("ggml-cpu", engine.GetProperty("cpu_library").GetString());
        Assert.NotEmpty(engine.GetProperty("devices").EnumerateArray());
        var target = Assert.Single(run.GetProperty("targets").EnumerateArray());
        Assert.Equal("llamasharp", target.GetProperty("engine").GetString());
        Assert.Equal("cpu", target.GetProperty("backend").GetString());
        Assert.Equal("cpu", target.GetProperty("device_label").GetString());
        Assert.True(Directory.Exists(target.GetProperty("library_folder").GetString()));
        var cpu = Assert.Single(
            target.GetProperty("devices").EnumerateArray(),
            device => device.GetProperty("kind").GetString() == "cpu"
        );
        Assert.Equal("CPU", cpu.GetProperty("name").GetString());
        Assert.True(cpu.GetProperty("total_bytes").GetInt64() > 0);
        Assert.NotEqual("", run.GetProperty("machine").GetProperty("system").GetString());
        var started = run.GetProperty("started").GetDateTimeOffset();
        Assert.InRange(
            run.GetProperty("finished").GetDateTimeOffset(),
            started,
            DateTimeOffset.Now.AddMinutes(1)
        );
        Assert.False(run.TryGetProperty("manifest", out _));
    }

    [Fact]
    public void Each_worker_has_a_peak_of_its_own_below_half_a_gigabyte() =>
        Assert.All(
            demo.Run.Files.Rows,
            row => Assert.InRange(row.Number("peak_rss_bytes")!.Value, 20e6, 500e6)
        );
}
