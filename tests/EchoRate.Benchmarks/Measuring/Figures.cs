using BenchmarkDotNet.Reports;

namespace EchoRate.Benchmarks.Measuring;

/// <summary>What was measured of one benchmark under one set of parameters, in all rounds.</summary>
/// <param name="Method">The benchmark.</param>
/// <param name="Parameters">Its parameters, name to value.</param>
/// <param name="Fastest">Nanoseconds per operation of the fastest iteration: other work can only slow it down.</param>
/// <param name="Median">Nanoseconds per operation of the median iteration.</param>
/// <param name="Allocated">Managed bytes allocated per operation, in the round that allocated least.</param>
internal sealed record Figures(
    string Method,
    IReadOnlyDictionary<string, string> Parameters,
    double Fastest,
    double Median,
    long Allocated
)
{
    /// <summary>All figures of a class.</summary>
    /// <param name="rounds">The same benchmarks, round by round.</param>
    /// <exception cref="BenchmarkFailedException">One of its benchmarks gave none.</exception>
    public static IReadOnlyList<Figures> Of(IReadOnlyList<Summary> rounds)
    {
        if (
            rounds.FirstOrDefault(round =>
                round.HasCriticalValidationErrors || round.Reports.IsEmpty
            ) is
            { } failed
        )
        {
            throw new BenchmarkFailedException($"{failed.Title}: could not be run");
        }
        return
        [
            .. rounds[0]
                .Reports.Select(
                    (_, index) => Pool([.. rounds.Select(round => round.Reports[index])])
                ),
        ];
    }

    private static Figures Pool(IReadOnlyList<BenchmarkReport> reports)
    {
        var benchmark = reports[0].BenchmarkCase;
        if (
            reports.Any(report =>
                !report.Success
                || report.ResultStatistics is null
                || report.BenchmarkCase.DisplayInfo != benchmark.DisplayInfo
            )
        )
        {
            throw new BenchmarkFailedException($"{benchmark.DisplayInfo}: gave no figures");
        }
        var iterations = reports
            .SelectMany(report => report.ResultStatistics!.OriginalValues)
            .Order()
            .ToArray();
        return new Figures(
            benchmark.Descriptor.WorkloadMethod.Name,
            benchmark.Parameters.Items.ToDictionary(
                item => item.Name,
                item => Convert.ToString(item.Value, CultureInfo.InvariantCulture)!
            ),
            iterations[0],
            iterations[iterations.Length / 2],
            reports.Min(report =>
                report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0
            )
        );
    }
}

/// <summary>A benchmark gave no figures; BenchmarkDotNet has said why.</summary>
internal sealed class BenchmarkFailedException(string message) : Exception(message);
