using System.Runtime.Intrinsics.X86;

namespace EchoRate.Cli.Tests.Comparing;

/// <summary><c>--arithmetic</c> and <c>--no-check</c>, as people ask for them.</summary>
public sealed class ArithmeticTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Rows_are_exact_and_a_sample_is_the_librarys()
    {
        var run = demo.Run;

        Assert.All(run.Files.Rows, row => Assert.Equal("exact", row["arithmetic"]));
        Assert.All(run.Echo.Rows, row => Assert.Equal("exact", row["arithmetic"]));
        Assert.All(
            run.Summary.Rows,
            row => Assert.Equal(row["set"] == "ioi" ? "20" : row["measured"], row["checked_rows"])
        );
        var contrast = run.Compare.Rows.Where(row => row["contrast"] == "arithmetic").ToList();
        Assert.NotEmpty(contrast);
        Assert.All(
            contrast,
            row =>
                Assert.Equal(
                    ("exact", "library", row["b_file_id"]),
                    (row["a_arithmetic"], row["b_arithmetic"], row["a_file_id"])
                )
        );
    }

    [Fact]
    public void Both_measures_every_row_twice()
    {
        var (run, _) = Measure("both", "--arithmetic=both");

        Assert.Equal(["exact", "library"], run.Files.Rows.Select(row => row["arithmetic"]));
        foreach (var rows in run.Echo.Rows.GroupBy(row => (row["arm"], row["input_ids"])))
        {
            Assert.Equal(["exact", "library"], rows.Select(row => row["arithmetic"]));
        }
        Assert.All(run.Summary.Rows, row => Assert.Equal(row["items"], row["checked_rows"]));
        Assert.Contains(run.Compare.Rows, row => row["contrast"] == "arithmetic");
    }

    [Fact]
    public void Without_a_check_nothing_is_measured_twice_and_exact_rows_are_the_same()
    {
        var (exact, _) = Measure("exact", "--arithmetic=exact", "--no-check");
        var (usual, _) = Measure("usual", "--sequences=16");

        Assert.All(exact.Summary.Rows, row => Assert.Equal("", row["checked_rows"]));
        Assert.DoesNotContain(exact.Names, name => name.EndsWith(".check.jsonl"));
        foreach (var (a, b) in exact.Echo.Rows.Zip(usual.Echo.Rows))
        {
            Assert.Equal(a["top1_id"], b["top1_id"]);
            Assert.Equal(
                a.Number("echo_margin_nat")!.Value,
                b.Number("echo_margin_nat")!.Value,
                0.05
            );
        }
    }

    [Fact]
    public void Library_rows_have_their_noise_as_near_tie_and_a_floor()
    {
        var (run, outcome) = Measure(
            "library",
            "--arithmetic=library",
            "--file=" + demo.Model("demo-echo-F16")
        );

        Assert.All(run.Echo.Rows, row => Assert.Equal("library", row["arithmetic"]));
        Assert.All(
            run.Summary.Rows,
            row => Assert.InRange(row.Number("near_tie_eps_nat")!.Value, 0.05, 3)
        );
        Assert.All(
            run.Compare.Rows.Where(row => row["contrast"] == "quant"),
            row =>
            {
                Assert.InRange(row.Number("floor_top1_agreement")!.Value, 0.5, 1);
                Assert.InRange(row.Number("floor_kld_mean_nat")!.Value, 1e-9, 1);
            }
        );
    }

    [Theory]
    [InlineData("--gpu-layers=all", "--gpu-layers all is for GPUs")]
    [InlineData("--backend=vulkan", "--backend vulkan is for GPUs")]
    [InlineData("--device=CUDA0", "--device CUDA0 is for GPUs")]
    [InlineData("--cpu-moe=1", "--cpu-moe is for GPUs")]
    public void Exact_on_a_GPU_is_refused_with_what_to_do(string option, string words)
    {
        var outcome = Echorate.Run(
            _folder.Path,
            "run",
            "--file=" + demo.Model("demo-echo-Q8_0"),
            "--arithmetic=exact",
            option,
            "--out=r"
        );

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--arithmetic: exact is computed on the CPU, and " + words, outcome.Error);
        Assert.False(Directory.Exists(_folder.At("r")));
    }

    // What is left between CPUs is the order of sums in F32.
    [Fact]
    public void Exact_rows_are_the_same_whatever_CPU_library_computes()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux(),
            "LLamaSharp's libraries of this system are not known here"
        );
        var natives = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        string[] libraries =
        [
            .. Avx.IsSupported ? ["avx"] : Array.Empty<string>(),
            .. Avx2.IsSupported ? ["avx2"] : Array.Empty<string>(),
            .. Avx512F.IsSupported ? ["avx512"] : Array.Empty<string>(),
        ];
        Assert.SkipUnless(
            libraries.Length > 1,
            "this CPU knows one of LLamaSharp's libraries alone"
        );
        string[] files =
        [
            demo.Model("demo-echo-Q3_K_M"),
            .. Repository.TestModel("gemma-3-270m/gemma-3-270m-Q4_K_M-embd-Q4_0.gguf") is { } real
                ? [real]
                : Array.Empty<string>(),
        ];

        _folder.Write("w.csv", "item\n John\n happy\n red\n Paris\n January\n");
        var runs = libraries
            .Select(library =>
            {
                var (run, _) = Measure(
                    library,
                    new() { ["ECHORATE_LLAMASHARP_NATIVE"] = Path.Combine(natives, library) },
                    ["--no-check", .. files.Skip(1).Select(file => "--file=" + file)],
                    "w.csv"
                );
                Assert.Contains(
                    $"native/{library}\"",
                    File.ReadAllText(_folder.At(library, "run.json"))
                );
                return run.Echo.Rows;
            })
            .ToList();

        foreach (var (a, b) in runs.Skip(1).SelectMany(rows => runs[0].Zip(rows)))
        {
            Assert.Equal((a["item"], a["arm"], a["top1_id"]), (b["item"], b["arm"], b["top1_id"]));
            Assert.Equal(
                a.Number("echo_margin_nat")!.Value,
                b.Number("echo_margin_nat")!.Value,
                0.05
            );
        }
    }

    public void Dispose() => _folder.Dispose();

    private (RunOnDisk Run, Outcome Outcome) Measure(string name, params string[] options) =>
        Measure(name, [], options);

    private (RunOnDisk Run, Outcome Outcome) Measure(
        string name,
        Dictionary<string, string?> environment,
        string[] options,
        string items = "words"
    )
    {
        var outcome = Echorate.Run(
            _folder.Path,
            environment,
            [
                "run",
                "--file=" + demo.Model("demo-echo-Q3_K_M"),
                .. $"--items {items} --prompts published --continue-tokens 0 --threads 1 --csv data".Split(
                    ' '
                ),
                "--out=" + name,
                .. options,
            ]
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return (new RunOnDisk(_folder.At(name)), outcome);
    }
}
