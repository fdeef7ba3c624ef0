using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace EchoRate.Benchmarks.Measuring;

/// <summary>
/// How everything here is measured: in this process, because the usual child process would be restored and built from the network,
/// and briefly, because the ratios of interest are not subtle. BenchmarkDotNet's words go to stderr.
/// </summary>
internal static class BenchmarkConfig
{
    /// <summary>The configuration, with the column that shows a benchmark's rate.</summary>
    /// <param name="rate">The column.</param>
    /// <param name="iterations">Iterations in a round, one more to warm up left out.</param>
    public static IConfig With(RateColumn rate, int iterations) =>
        ManualConfig
            .CreateEmpty()
            .AddJob(
                Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
                    .WithMinInvokeCount(1)
                    .WithUnrollFactor(1)
                    .WithIterationTime(TimeInterval.FromMilliseconds(250))
                    .WithWarmupCount(1)
                    .WithIterationCount(iterations)
                    // Calling an empty method is nothing beside a row.
                    .WithEvaluateOverhead(false)
            )
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(new StreamLogger(new StreamWriter(Console.OpenStandardError())))
            .AddColumnProvider(
                DefaultColumnProviders.Params,
                DefaultColumnProviders.Metrics,
                DefaultColumnProviders.Statistics
            )
            .AddColumn(TargetMethodColumn.Method, rate)
            .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
}
