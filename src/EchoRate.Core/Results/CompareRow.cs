namespace EchoRate.Core.Results;

/// <summary>What two measurements of the same items are told apart by.</summary>
public enum ContrastKind
{
    /// <summary>Two quantizations of one model; a is the reference.</summary>
    Quant,

    /// <summary>Two arms of one file; a is <c>without</c>.</summary>
    Arm,

    /// <summary>Two devices.</summary>
    Device,

    /// <summary>Two arithmetics; a is exact.</summary>
    Arithmetic,
}

/// <summary>A mean of paired differences (b − a) or of divergences, in nats.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">Lower end of the 95 % bootstrap interval; null for fewer than 50 items.</param>
/// <param name="High">Upper end.</param>
public sealed record MeanEstimate(double Mean, double? Low, double? High);

/// <summary>One contrast: the same items, measured twice. One row of <c>compare.csv</c>.</summary>
public sealed record CompareRow
{
    /// <summary>What differs between a and b.</summary>
    public required ContrastKind Contrast { get; init; }

    /// <summary><c>echo</c> or <c>completion</c>.</summary>
    public required string Probe { get; init; }

    /// <summary>The item set or prompt set; null where b never started.</summary>
    public required string? Set { get; init; }

    /// <summary>The first file.</summary>
    public required FileRecord A { get; init; }

    /// <summary>The first arm.</summary>
    public required string AArm { get; init; }

    /// <summary>The second file.</summary>
    public required FileRecord B { get; init; }

    /// <summary>The second arm.</summary>
    public required string BArm { get; init; }

    /// <summary>Pairs measured on both sides, with the same input.</summary>
    public required long Items { get; init; }

    /// <summary>Pairs left out because the two sides did not get the same <c>input_ids</c>.</summary>
    public long InputsDiffer { get; init; }

    /// <summary>Hits of a ÷ pairs; null without pairs.</summary>
    public double? ARate { get; init; }

    /// <summary>Hits of b ÷ pairs.</summary>
    public double? BRate { get; init; }

    /// <summary>The rate of b minus that of a.</summary>
    public double? RateDelta => BRate - ARate;

    /// <summary>Pairs that hit in a and not in b.</summary>
    public long? Lost { get; init; }

    /// <summary>Pairs that hit in b and not in a.</summary>
    public long? Gained { get; init; }

    /// <summary>Of the lost, those that are a near-tie on neither side.</summary>
    public long? LostClear { get; init; }

    /// <summary>Of the gained, those that are a near-tie on neither side.</summary>
    public long? GainedClear { get; init; }

    /// <summary>McNemar's exact p, two-sided; null where pairs are not independent.</summary>
    public double? McNemarP { get; init; }

    /// <summary>The same, Holm-adjusted within contrast × probe × set × model.</summary>
    public double? McNemarPHolm { get; init; }

    /// <summary>Pairs with the same most likely token ÷ pairs.</summary>
    public double? Top1Agreement { get; init; }

    /// <summary>Lower end of its 95 % Wilson interval.</summary>
    public double? Top1AgreementLow { get; init; }

    /// <summary>Upper end of its 95 % Wilson interval.</summary>
    public double? Top1AgreementHigh { get; init; }

    /// <summary>The margin's difference.</summary>
    public MeanEstimate? MarginDelta { get; init; }

    /// <summary>The scored token's log-probability's difference.</summary>
    public MeanEstimate? LogProbDelta { get; init; }

    /// <summary>Pairs with a divergence.</summary>
    public long? KldItems { get; init; }

    /// <summary>Mean of KL(a ‖ b).</summary>
    public MeanEstimate? Kld { get; init; }

    /// <summary>Median of KL(a ‖ b).</summary>
    public double? KldMedian { get; init; }

    /// <summary>95th percentile, from 100 pairs.</summary>
    public double? KldP95 { get; init; }

    /// <summary>99th percentile, from 200 pairs.</summary>
    public double? KldP99 { get; init; }

    /// <summary>The largest.</summary>
    public double? KldMax { get; init; }

    /// <summary>Root of the mean square of the change in probability of a's most likely token.</summary>
    public double? RefTop1DeltaPRms { get; init; }

    /// <summary>
    /// How far b is from its own weights, where both sides are library rows: the sample of b in exact arithmetic. A difference of quantizations that is no larger
    /// is the arithmetic's. Null elsewhere.
    /// </summary>
    public CheckedRows? Floor { get; init; }

    /// <summary>Rows of b's sample whose answer the weights change (b's exact answer is not a's) and the library's arithmetic does not; null without a sample.</summary>
    public long? WeightsAlone { get; init; }

    /// <summary>Rows of b's sample whose answer the library's arithmetic changes (b's library answer is not its exact one) and the weights do not.</summary>
    public long? ArithmeticAlone { get; init; }

    /// <summary>Pairs that are a near-tie on either side.</summary>
    public long? NearTies { get; init; }

    /// <summary><c>ok</c> where pairs were compared, else what became of b.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>Warnings that either file carries.</summary>
    public string[] Flags { get; init; } = [];

    /// <summary>Why the row is as it is; one line.</summary>
    public string? Reason { get; init; }
}

/// <summary>Rows that were measured in both arithmetics.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Top1Changed">Of those, how many have another most likely token.</param>
/// <param name="DeltaMedian">Median of |Δ margin|, in nats; null where no row has a margin.</param>
/// <param name="DeltaP95">Its 95th percentile.</param>
/// <param name="KldMean">Mean of KL(exact ‖ library) over them, in nats; null where it was not measured.</param>
public sealed record CheckedRows(
    int Rows,
    int Top1Changed,
    double? DeltaMedian,
    double? DeltaP95,
    double? KldMean
)
{
    /// <summary>Part of the rows with the same most likely token.</summary>
    public double Top1Agreement => 1 - ((double)Top1Changed / Rows);
}
