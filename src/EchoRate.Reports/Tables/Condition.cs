using EchoRate.Core.Results;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Tables;

/// <summary>An arm in words.</summary>
internal static class Condition
{
    /// <summary><c>without BOS</c>, <c>with BOS</c>, <c>behind ' the'</c>.</summary>
    public static string Of(MeasuredRow row) =>
        row.Arm switch
        {
            "without" => "without BOS",
            "with" => "with BOS",
            _ when row.Prefix is { } prefix => $"behind {PieceNotation.Format(prefix.Bytes)}",
            _ => row.Arm,
        };
}
