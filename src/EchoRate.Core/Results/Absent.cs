namespace EchoRate.Core.Results;

/// <summary>How rows keep numbers that may be absent: as NaN, which no measured number is.</summary>
internal static class Absent
{
    public const double Number = double.NaN;

    public static double? ToNull(double value) => double.IsNaN(value) ? null : value;

    public static double FromNull(double? value) => value ?? Number;
}
