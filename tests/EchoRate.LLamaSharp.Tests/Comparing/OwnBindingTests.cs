using System.Globalization;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;
using EchoRate.DemoModels;

namespace EchoRate.LLamaSharp.Tests.Comparing;

/// <summary>
/// The rows that another binding on another release gave (llama.cpp v0.4.0, library for AVX-512), kept when that binding went: <c>echorate run</c>
/// on the same constructed files gives them again. <c>OwnBinding/*.csv</c> hold them, a pair of files for each model.
/// </summary>
public sealed class OwnBindingTests : IDisposable
{
    // Measured on 20,867 echo and 16,260 completion rows: LLamaSharp's library for AVX-512 differs in no digit, those for AVX2, AVX and none in
    // log-probabilities by up to 2.4e-4 (F16 miniatures), 6.1e-4 (MXFP4), 7.6e-3 (demo-echo) and 1.1e-2 (Q8_0), and in deep ranks by up to 2.
    private const double SameLibrary = 1e-9;
    private const int RankTolerance = 3;

    private static readonly string[] s_all =
    [
        .. Directory
            .EnumerateFiles(Folder, "*.echo.csv")
            .Select(path => Path.GetFileName(path)[..^".echo.csv".Length])
            .Order(StringComparer.Ordinal),
    ];

    private readonly TemporaryFolder _folder = new();

    private static string Folder =>
        Path.Combine(AppContext.BaseDirectory, "Comparing", "OwnBinding");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_row_is_what_the_own_binding_gave()
    {
        var outcome = Echorate.Run(
            _folder.Path,
            [
                "run",
                .. s_all.SelectMany(name => new[] { "--file", FileOf(name) }),
                .. (
                    "--arithmetic library --no-check --items words,sample:50 --prompts ioi --arms without,with,neutral "
                    + "--threads 1 --csv data --out r"
                ).Split(' '),
            ]
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var library = CsvFile.Read(_folder.File("r/files.csv")).Rows[0]["engine_version"];
        var isSame = library.Contains("avx512/");

        var compared =
            Agree("echo", "item", "top1_id", "token_rank", "token_logprob_nat", "top1_logprob_nat")
            + Agree(
                "completion",
                "prompt_id",
                "next_id",
                "expected_rank",
                "expected_logprob_nat",
                "next_logprob_nat"
            );

        Assert.Equal(4602, compared);

        int Agree(string table, string item, string top, string rank, params string[] figures)
        {
            var rows = CsvFile
                .Read(_folder.File($"r/{table}.csv"))
                .Rows.ToLookup(row =>
                    (
                        $"{row["model"].Split(" (")[0]}-{row["quant"]}",
                        row["arm"],
                        row["prefix_id"],
                        row[item],
                        row["input_ids"]
                    )
                );
            var count = 0;
            foreach (var name in s_all)
            {
                var tolerance = isSame ? SameLibrary : Tolerance(name);
                foreach (var want in CsvFile.Read(Path.Combine(Folder, $"{name}.{table}.csv")).Rows)
                {
                    var key = (name, want["arm"], want["prefix_id"], want[item], want["input_ids"]);
                    // A word that is drawn too stands twice, with the same figures.
                    var have = rows[key].FirstOrDefault();
                    Assert.True(have is not null, $"{table}.csv has no row {key}");
                    Assert.True(want[top] == have![top], $"{key}: {top} {have[top]}, {want[top]}");
                    Assert.True(
                        Math.Abs(Number(want[rank]) - Number(have[rank]))
                            <= (isSame || table == "echo" ? 0 : RankTolerance),
                        $"{key}: {rank} {have[rank]}, {want[rank]}"
                    );
                    foreach (var figure in figures)
                    {
                        Assert.True(
                            Math.Abs(Number(want[figure]) - Number(have[figure])) <= tolerance,
                            $"{key}: {figure} {have[figure]}, {want[figure]} ({library})"
                        );
                    }
                    count++;
                }
            }
            return count;
        }
    }

    private static double Tolerance(string name) =>
        name.StartsWith("demo-") || name.EndsWith("Q8_0") ? 2e-2
        : name.EndsWith("MXFP4_MOE") ? 2e-3
        : 1e-3;

    // Under the names that tell model and quantization.
    private string FileOf(string name)
    {
        var path = _folder.File($"{name}.gguf");
        var (model, quantization) = (
            name[..name.LastIndexOf('-')],
            name[(name.LastIndexOf('-') + 1)..]
        );
        if (model == DemoCatalogue.Echo.Name)
        {
            DemoCatalogue.Echo.Write(path);
            return path;
        }
        var miniature = MiniatureFiles.Get(quantization == "MXFP4_MOE" ? $"{model}-mxfp4" : model);
        File.Copy(
            MiniatureFiles.PathOf(
                miniature,
                quantization == "Q8_0" ? quantization : MiniatureFiles.AsWritten
            ),
            path
        );
        return path;
    }

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
