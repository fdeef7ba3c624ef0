using System.Text.Json;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;
using EchoRate.DemoModels;
using EchoRate.LLamaSharp.Tests.Fixtures;

namespace EchoRate.LLamaSharp.Tests.Comparing;

/// <summary>
/// One <c>echorate run --engine llama,llamasharp</c> on every miniature, the demo models and stories260K, as its user would start it: each
/// engine in worker processes of its own, since a process holds one llama.cpp. Run when the first test asks.
/// </summary>
public sealed class BothEngines : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Outcome> _outcome;

    public BothEngines() => _outcome = new(Start);

    internal CsvFile Echo => Read("echo.csv");

    internal CsvFile Completion => Read("completion.csv");

    internal CsvFile Files => Read("files.csv");

    internal CsvFile Compare => Read("compare.csv");

    /// <summary>The CPU libraries that the engines took, as run.json tells.</summary>
    internal string CpuLibraries => string.Join(" against ", CpuLibrariesOfRun());

    /// <summary>Whether one engine, and not the other, computes with a library that has AVX512-FP16.</summary>
    internal bool OneAddsInHalfPrecision =>
        CpuLibrariesOfRun()
            .Select(name => name.Contains("sapphirerapids", StringComparison.Ordinal))
            .Distinct()
            .Count() > 1;

    /// <summary>The models that are measured.</summary>
    internal static IReadOnlyList<string> Models { get; } =
    [
        .. Miniatures.All.Select(miniature => miniature.Name),
        "demo-echo F16",
        "demo-plain F16",
        "stories260K",
    ];

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();

    private string[] CpuLibrariesOfRun()
    {
        using var run = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(_folder.Path, "both", "run.json"))
        );
        return
        [
            .. run
                .RootElement.GetProperty("targets")
                .EnumerateArray()
                .Select(target => target.GetProperty("cpu_library").GetString() ?? "unknown"),
        ];
    }

    private Outcome Start() =>
        Echorate.Run(
            _folder.Path,
            [
                "run",
                .. Models.SelectMany(model => new[] { "--file", TestModels.PathOf(model) }),
                "--engine",
                "llama,llamasharp",
                "--items",
                "words,sample:200",
                "--threads",
                "1",
                "--csv",
                "data",
                "--out",
                "both",
            ]
        );

    private CsvFile Read(string name)
    {
        TestLibrary.Need();
        Assert.True(_outcome.Value.ExitCode == 0, _outcome.Value.Error);
        return CsvFile.Read(Path.Combine(_folder.Path, "both", name));
    }
}
