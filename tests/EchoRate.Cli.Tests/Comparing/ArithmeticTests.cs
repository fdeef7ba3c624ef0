using System.Runtime.Intrinsics.X86;

namespace EchoRate.Cli.Tests.Comparing;

/// <summary><c>--arithmetic</c> and <c>--no-check</c>, as people ask for them.</summary>
public sealed class ArithmeticTests(DemoRun demo) : ProgramTests
{
    private string Words =>
        $"run --file {demo.Model("demo-echo-Q3_K_M")} --prompts published --continue-tokens 0 ";

    [Fact]
    public void Rows_are_exact_and_a_sample_is_the_librarys()
    {
        var run = demo.Run;

        Assert.All(
            run.Files.Rows.Concat(run.Echo.Rows),
            row => Assert.Equal("exact", row["arithmetic"])
        );
        Assert.All(
            run.Summary.Rows,
            row => Assert.Equal(row["set"] == "ioi" ? "20" : row["measured"], row["checked_rows"])
        );
        var contrasts = run.Compare.Where("contrast=arithmetic");
        Assert.Equal(["exact library"], contrasts.Tell("a_arithmetic b_arithmetic").Distinct());
        Assert.All(contrasts, row => Assert.Equal(row["a_file_id"], row["b_file_id"]));
    }

    [Fact]
    public void Both_measures_every_row_twice()
    {
        var run = Measure(Words + "--items words --arithmetic both");

        Assert.Equal(["exact", "library"], run.Files.Tell("arithmetic"));
        Assert.All(
            run.Echo.Rows.GroupBy(row => row.Tell("arm input_ids")),
            rows => Assert.Equal(["exact", "library"], rows.Tell("arithmetic"))
        );
        Assert.All(run.Summary.Rows, row => Assert.Equal(row["items"], row["checked_rows"]));
        Assert.NotEmpty(run.Compare.Where("contrast=arithmetic"));
    }

    [Fact]
    public void Without_a_check_nothing_is_measured_twice_and_exact_rows_are_the_same()
    {
        var exact = Measure(Words + "--items words --arithmetic exact --no-check --out exact");
        var usual = Measure(Words + "--items words --sequences 16 --out usual");

        Assert.All(exact.Summary.Rows, row => Assert.Equal("", row["checked_rows"]));
        Assert.DoesNotContain(exact.Names, name => name.EndsWith(".check.jsonl"));
        AssertSame(exact, usual);
    }

    [Fact]
    public void Library_rows_have_their_noise_as_near_tie_and_a_floor()
    {
        var run = Measure(
            Words + $"--items words --arithmetic library --file {demo.Model("demo-echo-F16")}"
        );

        Assert.All(run.Echo.Rows, row => Assert.Equal("library", row["arithmetic"]));
        Assert.All(
            run.Summary.Rows,
            row => Assert.InRange(row.Number("near_tie_eps_nat")!.Value, 0.05, 3)
        );
        Assert.All(
            run.Compare.Where("contrast=quant"),
            row =>
            {
                Assert.InRange(row.Number("floor_top1_agreement")!.Value, 0.5, 1);
                Assert.InRange(row.Number("floor_kld_mean_nat")!.Value, 1e-9, 1);
            }
        );
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
        const string real = "gemma-3-270m/gemma-3-270m-Q4_K_M-embd-Q4_0.gguf";
        var more = Repository.TestModel(real) is { } path ? $"--file {path} " : "";
        Folder.Write("w.csv", "item\n John\n happy\n red\n Paris\n January\n");

        var runs = libraries
            .Select(library =>
            {
                Variables["ECHORATE_LLAMASHARP_NATIVE"] = Path.Combine(natives, library);
                var run = Measure($"{Words}{more}--items w.csv --no-check --out {library}");
                Assert.Contains($"native/{library}\"", run.Info.ToString());
                return run;
            })
            .ToList();

        foreach (var run in runs[1..])
        {
            AssertSame(runs[0], run);
        }
    }

    private static void AssertSame(RunOnDisk one, RunOnDisk other)
    {
        Assert.Equal(one.Echo.Tell("item arm top1_id"), other.Echo.Tell("item arm top1_id"));
        foreach (var (a, b) in one.Echo.Rows.Zip(other.Echo.Rows))
        {
            Assert.Equal(
                a.Number("echo_margin_nat")!.Value,
                b.Number("echo_margin_nat")!.Value,
                0.05
            );
        }
    }
}
