using System.Globalization;
using EchoRate.Cli.Tests.Fixtures;

namespace EchoRate.LLamaSharp.Tests.Comparing;

/// <summary>
/// Two llama.cpp of different releases on the same files: ids and top-1 are the same, and log-probabilities differ by rounding alone.
/// </summary>
public sealed class BothEnginesTests(BothEngines run) : IClassFixture<BothEngines>
{
    // LLamaSharp 0.27.0 on llama.cpp b8390 against v0.4.0, nats: 0 where both take the same CPU library, 9e-4 at most where one has AVX-512 and
    // the other AVX2 or neither (measured on these files). CPUs that add F16 products in half precision move logits by up to 1e-2.
    private double Tolerance => run.OneAddsInHalfPrecision ? 2e-2 : 2e-3;

    // Last digits may differ here, and nowhere else.
    private static readonly string[] s_figures =
    [
        "echo_margin_nat",
        "token_logprob_nat",
        "top1_logprob_nat",
        "entropy_nat",
        "published_gap_nat",
        "next_logprob_nat",
        "expected_logprob_nat",
        "expected_margin_nat",
        "kld_nat",
        "delta_token_logprob_nat",
        "delta_expected_logprob_nat",
    ];

    // What a file's record says of the engine, of time and of memory.
    private static readonly string[] s_ofTheEngine =
    [
        "engine",
        "engine_version",
        "load_ms",
        "decode_ms",
        "rows_per_second",
        "peak_rss_bytes",
    ];

    [Fact]
    public void Echo_rows_differ_in_the_engine_and_in_last_digits_only() => Agree(run.Echo);

    [Fact]
    public void Completion_rows_differ_in_the_engine_and_in_last_digits_only() =>
        Agree(run.Completion);

    [Fact]
    public void Files_differ_in_engine_version_time_and_memory_only()
    {
        var (llama, sharp) = Halves(run.Files);

        Assert.Equal(BothEngines.Models.Count, llama.Length);
        Assert.StartsWith(
            LLamaSharpLibrary.PackageVersion,
            sharp[0]["engine_version"],
            StringComparison.Ordinal
        );
        foreach (var (a, b) in llama.Zip(sharp))
        {
            foreach (var column in run.Files.Columns.Except(s_ofTheEngine))
            {
                Assert.Equal(a[column], b[column]);
            }
        }
    }

    [Fact]
    public void The_contrast_engine_is_filled_for_every_file_and_agrees()
    {
        var rows = run.Compare.Rows.Where(row => row["contrast"] == "engine").ToList();

        Assert.Contains(rows, row => row["items"] != "0");
        Assert.Equal(
            BothEngines.Models.Count,
            rows.Select(row => row["a_file_id"]).Distinct().Count()
        );
        foreach (var row in rows)
        {
            Assert.Equal(("llama", "llamasharp"), (row["a_engine"], row["b_engine"]));
            Assert.Equal(row["a_file_id"], row["b_file_id"]);
            if (row["items"] != "0")
            {
                Assert.Equal(("0", "0", "1"), (row["lost"], row["gained"], row["top1_agreement"]));
            }
        }
    }

    private void Agree(CsvFile file)
    {
        var (llama, sharp) = Halves(file);
        var (largest, where) = (0.0, "");
        foreach (var (a, b) in llama.Zip(sharp))
        {
            foreach (var column in file.Columns.Where(column => column != "engine"))
            {
                if (!s_figures.Contains(column))
                {
                    Assert.True(
                        a[column] == b[column],
                        $"{column} of {Name(a)}: {a[column]} by llama, {b[column]} by llamasharp"
                    );
                    continue;
                }

                Assert.Equal(a[column].Length == 0, b[column].Length == 0);
                if (
                    a[column].Length > 0
                    && Math.Abs(Number(a[column]) - Number(b[column])) is var difference
                    && difference > largest
                )
                {
                    (largest, where) = (difference, $"{column} of {Name(a)}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{llama.Length} rows on each engine, largest difference {largest:g3} nat: {where} ({run.CpuLibraries})"
        );
        Assert.True(largest <= Tolerance, $"{where} differs by {largest:g3} nat");
    }

    private static (CsvRow[] Llama, CsvRow[] Sharp) Halves(CsvFile file)
    {
        var llama = file.Rows.Where(row => row["engine"] == "llama").ToArray();
        var sharp = file.Rows.Where(row => row["engine"] == "llamasharp").ToArray();
        Assert.NotEmpty(llama);
        Assert.Equal(llama.Length, sharp.Length);
        Assert.Equal(file.Rows.Count, llama.Length + sharp.Length);
        return (llama, sharp);
    }

    private static string Name(CsvRow row) => $"{row["model"]}, {row["arm"]}, {row["input_ids"]}";

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
