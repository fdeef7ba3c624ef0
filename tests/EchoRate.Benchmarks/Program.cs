using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using EchoRate.Benchmarks;
using EchoRate.Benchmarks.Measuring;
using EchoRate.Benchmarks.Probes;
using EchoRate.Benchmarks.Reporting;
using EchoRate.Benchmarks.Scoring;

if (args is ["--sized", var models])
{
    using var bench = Workbench.Open();
    bench.MakeSized(models);
    return 0;
}
if (args.Length != 1)
{
    Console.Error.WriteLine("usage: EchoRate.Benchmarks RESULT.md   (scripts/bench does it)");
    return 2;
}

try
{
    using var workbench = Workbench.Open();
    var otherWork = OtherWork.Watch();
    // In rounds, so that work beside us does not fall on one benchmark alone.
    const int rounds = 2;
    var (rows, scoring) = (new List<Summary>(), new List<Summary>());
    for (var round = 0; round < rounds; round++)
    {
        rows.Add(
            BenchmarkRunner.Run<EchoProbeBenchmarks>(
                BenchmarkConfig.With(new RateColumn("rows/s", 1, 0), iterations: 2)
            )
        );
        scoring.Add(
            BenchmarkRunner.Run<LogitScoreBenchmarks>(
                BenchmarkConfig.With(
                    new RateColumn("GB/s", LogitScoreBenchmarks.RowBytes / 1e9, 3),
                    iterations: 5
                )
            )
        );
    }
    var page = new ResultPage
    {
        Engine = workbench.Engine,
        Rows = Figures.Of(rows),
        Scoring = Figures.Of(scoring),
        Processor = rows[0].HostEnvironmentInfo.CpuInfo.Value,
        OtherWork = otherWork.Describe(),
        Date = DateOnly.FromDateTime(DateTime.UtcNow),
    };
    await File.WriteAllTextAsync(args[0], page.ToString());
    return 0;
}
catch (NativeLibraryException e)
{
    Console.Error.WriteLine(e.Message);
    return 4;
}
catch (BenchmarkFailedException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
