using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EchoRate.Benchmarks;
using Perfolizer.Horology;

try
{
    using var workbench = Workbench.Open();
    switch (args)
    {
        case ["--sized", var models]:
            workbench.MakeSized(models);
            return 0;
        case []:
            break;
        default:
            Console.Error.WriteLine("usage: EchoRate.Benchmarks   (scripts/bench does it)");
            return 2;
    }

    // In this process, because the usual child process would be restored and built from the network, and briefly, because the ratios of
    // interest are not subtle. BenchmarkDotNet's words go to stderr.
    var config = ManualConfig
        .CreateEmpty()
        .AddJob(
            Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
                .WithMinInvokeCount(1)
                .WithUnrollFactor(1)
                .WithIterationTime(TimeInterval.FromMilliseconds(250))
                .WithWarmupCount(1)
                .WithIterationCount(5)
                // Calling an empty method is nothing beside a row.
                .WithEvaluateOverhead(false)
        )
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddLogger(new StreamLogger(new StreamWriter(Console.OpenStandardError())))
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddColumn(StatisticColumn.Min, StatisticColumn.OperationsPerSecond)
        .AddExporter(MarkdownExporter.GitHub)
        .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
    Summary[] summaries =
    [
        BenchmarkRunner.Run<EchoProbeBenchmarks>(config),
        BenchmarkRunner.Run<LogitScoreBenchmarks>(config),
    ];
    return summaries.All(summary =>
        !summary.HasCriticalValidationErrors
        && summary.Reports.Length > 0
        && summary.Reports.All(report => report.Success)
    )
        ? 0
        : 1;
}
catch (NativeLibraryException e)
{
    Console.Error.WriteLine(e.Message);
    return 4;
}
