namespace EchoRate.Cli.Tests.Demo;

/// <summary>What <c>echorate demo</c> leaves behind and says.</summary>
public sealed class DemoFolderTests(DemoRun demo) : ProgramTests
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

    [Fact]
    public void Its_folder_holds_the_files_of_a_run_and_the_models_and_nothing_else()
    {
        string[] expected =
        [
            .. "run.json files.csv echo.csv completion.csv summary.csv compare.csv report.html report.md".Split(
                ' '
            ),
            .. s_words.Select(file => $"models/{file.Replace(' ', '-')}.gguf"),
            .. s_journals.Select((file, i) => $"rows/{i + 1:D3}-{file}-llamasharp-cpu.jsonl"),
            .. s_journals.Select((file, i) => $"rows/{i + 1:D3}-{file}-llamasharp-cpu.check.jsonl"),
            .. s_journals.Select((file, i) => $"logs/{i + 1:D3}-{file}-llamasharp-cpu.log"),
        ];

        Assert.Equal(expected.Order(StringComparer.Ordinal), demo.Run.Names);
    }

    [Fact]
    public void Every_item_and_prompt_is_a_row_in_every_arm_of_every_file_in_their_order()
    {
        var run = demo.Run;
        Assert.Equal(13, run.Files.Rows.Count);
        Assert.Equal(13 * 2 * 27, run.Echo.Rows.Count);
        Assert.Equal(13 * 2 * 61, run.Completion.Rows.Count);
        Assert.Equal(13 * 2 * 3, run.Summary.Rows.Count);
        // Each but the reference against it, each arm against the other, and each file in both arithmetics: 2 arms × 3 sets, 3 sets, 2 × 3 again.
        Assert.Equal(11 * 2 * 3 + 13 * 3 + 13 * 2 * 3, run.Compare.Rows.Count);
        var files = run.Files.Tell("file_id").ToList();
        string[] sets = ["words", "published", "ioi"];
        string[] arms = ["without", "with"];
        foreach (
            var (table, set) in new[] { (run.Echo, "item_set"), (run.Completion, "prompt_set") }
        )
        {
            var order = table
                .Rows.Select(row =>
                    (
                        files.IndexOf(row["file_id"]),
                        sets.IndexOf(row[set]),
                        arms.IndexOf(row["arm"])
                    )
                )
                .ToList();
            Assert.Equal(order.Order(), order);
        }
        Assert.All(
            run.Echo.Rows.GroupBy(row => row.Tell("model label arm")),
            rows => Assert.Equal(27, rows.Tell("item").Distinct().Count())
        );
    }

    [Fact]
    public void Tables_go_to_stdout_on_one_screen_and_words_to_stderr()
    {
        var screen = demo.Outcome.OutLines;
        Assert.Matches(
            @"\| demo-echo F16 +\| 16\.0 \| F16 +\| 96\.3 \(82–99\) \|",
            demo.Outcome.Out
        );
        Assert.StartsWith("demo-echo F16 (constructed", screen[0]);
        Assert.InRange(screen.Length, 20, 40);
        Assert.All(screen[..^2], line => Assert.InRange(line.Length, 0, 100));
        Assert.Equal($"Files:  {demo.Run.Path}", screen[^1]);

        var words = demo
            .Outcome.ErrorLines.SkipWhile(line => line.Contains("llama.cpp v"))
            .ToList();
        Assert.Equal(17, words.Count);
        Assert.Equal(
            "The demo's models are constructed, not trained: their weights are written by hand so that the answers are known.",
            words[0]
        );
        Assert.StartsWith("demo-echo: Constructed, not trained:", words[1]);
        Assert.StartsWith("demo-plain: Constructed, not trained:", words[2]);
        Assert.All(
            words[4..].Zip(s_words),
            line =>
                Assert.Matches(
                    $@"^\[\d+/13\] {line.Second}: 176 rows, \d+ rows/s, loaded in \d+ ms on CPU$",
                    line.First
                )
        );
    }

    [Fact]
    public void A_quiet_run_prints_its_path_alone()
    {
        // A folder that is empty is taken.
        Directory.CreateDirectory(Folder.At("r"));

        var run = Measure(
            $"run --file {demo.Model("demo-plain-Q2_K")} --items words --prompts published --continue-tokens 0 --no-check --quiet"
        );

        Assert.Equal(run.Path + Environment.NewLine, run.Outcome.Out);
    }

    [Fact]
    public void What_llama_cpp_says_is_in_the_logs_and_nowhere_else_and_nothing_moves_a_cursor()
    {
        foreach (var log in Directory.EnumerateFiles(Path.Combine(demo.Run.Path, "logs")))
        {
            Assert.Contains("llama_model_loader:", File.ReadAllText(log));
        }
        foreach (var said in new[] { "llama_", "ggml_", "load_tensors", "print_info", "\e" })
        {
            Assert.DoesNotContain(said, demo.Outcome.Out + demo.Outcome.Error);
        }
    }

    [Fact]
    public void The_provenance_is_complete()
    {
        var run = demo.Run.Info;

        Assert.Equal(("5", "demo"), (run.Text("schema_version"), run.Text("run_id")));
        Assert.Matches(@"^\d+\.\d+\.\d+", run.Text("echorate_version"));
        Assert.Equal(
            "demo --out demo --threads 1 --csv data",
            string.Join(' ', run.Each("arguments"))
        );
        Assert.Equal("0", run.Text("options.seed"));
        Assert.Equal(13, run.Each("files").Count());
        Assert.Equal("llamasharp", run.Text("engine.name"));
        Assert.StartsWith("0.", run.Text("engine.version"));
        Assert.Contains("ggml-cpu", run.Text("engine.cpu_library"));
        Assert.NotEmpty(run.Each("engine.devices"));
        var target = Assert.Single(run.Each("targets"));
        Assert.Equal(
            ("llamasharp", "cpu", "cpu"),
            (target.Text("engine"), target.Text("backend"), target.Text("device_label"))
        );
        Assert.True(Directory.Exists(target.Text("library_folder")));
        var cpu = target.Each("devices").Single(device => device.Text("kind") == "cpu");
        Assert.Equal("CPU", cpu.Text("name"));
        Assert.True(cpu.Number("total_bytes") > 0);
        Assert.NotEqual("", run.Text("machine.system"));
        Assert.InRange(
            run.At("finished").GetDateTimeOffset(),
            run.At("started").GetDateTimeOffset(),
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

    [Fact]
    public void Compare_makes_the_same_file_again_and_takes_another_reference()
    {
        const string figures = "lost kld_mean_nat margin_delta_mean_nat";
        // A copy: the demo's own folder is read by other tests meanwhile.
        TemporaryFolder.Copy(Path.Combine(demo.Run.Path, "rows"), Folder.At("r", "rows"));
        File.Copy(Path.Combine(demo.Run.Path, "run.json"), Folder.At("r", "run.json"));

        Assert.Equal(0, Run("compare r").ExitCode);
        Assert.Equal(demo.Run.Compare.Tell(figures), Read.Compare.Tell(figures));

        Assert.Equal(0, Run("compare r --reference Q8_0").ExitCode);
        var against = Read.Compare.Where("contrast=quant");
        Assert.Equal(["Q8_0 0"], against.Tell("a_quant kld_items").Distinct());
        Assert.All(against, row => Assert.Contains("logits are gone", row["reason"]));

        Assert.Equal(2, Run("compare r --reference Q9").ExitCode);
    }
}
