using EchoRate.Core.Results;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Tables;

/// <summary>A row that a table shows.</summary>
/// <param name="File">The file's short name (<see cref="FileLabels"/>).</param>
/// <param name="Model">The file's model.</param>
/// <param name="Row">The row.</param>
public sealed record ShownRow<TRow>(string File, string Model, TRow Row)
    where TRow : MeasuredRow
{
    /// <summary>The condition in words: <c>without BOS</c>, <c>with BOS</c>, <c>behind ' the'</c>.</summary>
    public string Condition =>
        Row.Arm switch
        {
            "without" => "without BOS",
            "with" => "with BOS",
            _ when Row.Prefix is { } prefix => $"behind {PieceNotation.Format(prefix.Bytes)}",
            _ => Row.Arm,
        };
}
