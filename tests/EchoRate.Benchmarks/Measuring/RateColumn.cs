using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace EchoRate.Benchmarks.Measuring;

/// <summary>What a benchmark gets through in a second, by the median iteration.</summary>
/// <param name="unit">The unit, per second.</param>
/// <param name="perOperation">How much of it one operation is.</param>
/// <param name="digits">Digits behind the point.</param>
internal sealed class RateColumn(string unit, double perOperation, int digits) : IColumn
{
    public string Id => $"{nameof(RateColumn)}.{unit}";
    public string ColumnName => unit;
    public string Legend => $"{unit}, by the median iteration";
    public UnitType UnitType => UnitType.Dimensionless;
    public ColumnCategory Category => ColumnCategory.Custom;
    public int PriorityInCategory => 0;
    public bool IsNumeric => true;
    public bool AlwaysShow => true;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        summary[benchmarkCase]?.ResultStatistics is { } statistics
            ? (perOperation * 1e9 / statistics.Median).ToString(
                $"F{digits}",
                CultureInfo.InvariantCulture
            )
            : "";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
}
