using EchoRate.Core.Tokens;

namespace EchoRate.Core.Results;

/// <summary>
/// One item under one arm, as it stands after one layer: what the model would answer if its final norm and head came next. One row of
/// <c>lens.csv</c>; what <see cref="EchoRow"/> says of the model's answer is said of that one here.
/// </summary>
public sealed record LensRow : LookRow
{
    public override string Probe => "lens";

    /// <summary>The layer, 0-based; -1 is the input embedding. Null where nothing went in.</summary>
    public int? Layer { get; set; }

    /// <summary>What the model answers in the end, after its last layer.</summary>
    public TokenBytes? Next { get; set; }

    /// <summary>Log-probability of that answer after this layer, in nats.</summary>
    public double? NextLogProb { get; set; }

    /// <summary>Rank of that answer after this layer; 1 is the top.</summary>
    public int? NextRank { get; set; }

    /// <summary>Length (Euclidean norm) of the residual.</summary>
    public double? ResidualNorm { get; set; }
}
