using System.Buffers;

namespace EchoRate.Core.Scoring;

/// <summary>What a row's logits say beside the reference's.</summary>
/// <param name="Top1">The reference's most likely token.</param>
/// <param name="Top1LogProb">Log-probability, in nats, that the reference gives it.</param>
/// <param name="Top1LogProbHere">Log-probability, in nats, that this file gives it.</param>
/// <param name="Kld">KL(reference ‖ this file), in nats; null where the reference's logits were not kept.</param>
/// <param name="DeltaLogProb">The scored token's log-probability here minus the reference's, in nats; null where none was scored.</param>
/// <param name="Flip">Whether the outcome differs; null where either has none.</param>
internal readonly record struct ReferenceComparison(
    int Top1,
    double Top1LogProb,
    double Top1LogProbHere,
    double? Kld,
    double? DeltaLogProb,
    bool? Flip
)
{
    /// <summary>Whether the reference got other ids in this row: then nothing is compared.</summary>
    public bool IsOfOtherInput { get; private init; }

    /// <summary>Holds a scored row against the reference's. May be called for several rows at once.</summary>
    /// <returns>Null where there is nothing to hold it against: no reference, one that is being recorded, or a row that it did not measure.</returns>
    public static ReferenceComparison? Of(
        IReference? reference,
        RowInput input,
        in LogitScore score,
        bool? outcome,
        ReadOnlySpan<float> logits
    )
    {
        if (reference is null or { IsRecording: true })
        {
            return null;
        }
        var buffer = ArrayPool<float>.Shared.Rent(logits.Length);
        try
        {
            var theirs = buffer.AsSpan(0, logits.Length);
            if (!reference.TryGet(input, theirs, out var said, out var hasLogits))
            {
                return null;
            }
            if (said.Input != input.Hash)
            {
                return default(ReferenceComparison) with { IsOfOtherInput = true };
            }
            return new ReferenceComparison(
                said.Top1,
                said.Top1LogProb,
                logits[said.Top1] - score.LogSumExp,
                !hasLogits ? null
                    : reference.IsApproximation
                        ? Divergence.Kld(logits, score.LogSumExp, theirs, said.LogSumExp)
                    : Divergence.Kld(theirs, said.LogSumExp, logits, score.LogSumExp),
                outcome is null || said.TokenLogProb is null
                    ? null
                    : score.TokenLogProb - said.TokenLogProb,
                outcome is { } here && said.Hit is { } there ? here != there : null
            );
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Lets a reference that is being recorded take note of a measured row.</summary>
    public static void Record(
        IReference? reference,
        RowInput input,
        in LogitScore score,
        bool? outcome,
        bool isSampled,
        ReadOnlySpan<float> logits
    )
    {
        if (reference is { IsRecording: true })
        {
            double? scored = outcome is null ? null : score.TokenLogProb;
            reference.Record(
                input.Place,
                new ReferenceRow(score.Top1, score.LogSumExp, score.Top1LogProb, scored, outcome)
                {
                    Input = input.Hash,
                },
                isSampled ? logits : []
            );
        }
    }
}
