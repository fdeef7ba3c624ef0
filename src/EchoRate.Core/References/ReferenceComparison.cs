using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.References;

/// <summary>Fills the columns of a row that rest on the reference.</summary>
internal static class ReferenceComparison
{
    /// <summary>Takes note of a measured row, or holds it against the reference's.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="reference">The reference; null where there is none.</param>
    /// <param name="place">The row's place in the file's rows.</param>
    /// <param name="row">The row, scored.</param>
    /// <param name="score">Its scores.</param>
    /// <param name="outcome">Its outcome (echo, hit); null where no token was scored.</param>
    /// <param name="isSampled">Whether the divergence is computed for this row.</param>
    /// <param name="logits">Its logits.</param>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="withDelta">Sets the difference of the scored token's log-probability, in nats.</param>
    public static TRow Apply<TRow>(
        IReference? reference,
        long place,
        TRow row,
        LogitScore score,
        bool? outcome,
        bool isSampled,
        ReadOnlySpan<float> logits,
        IVocabulary vocabulary,
        Func<TRow, double?, TRow> withDelta
    )
        where TRow : MeasuredRow
    {
        if (reference is null)
        {
            return row;
        }
        if (reference.IsRecording)
        {
            double? scored = outcome is null ? null : score.TokenLogProb;
            reference.Record(
                place,
                new ReferenceRow(score.Top1, score.LogSumExp, score.Top1LogProb, scored, outcome),
                isSampled ? logits : []
            );
            return row;
        }
        if (!reference.TryGet(place, out var said, out var theirs))
        {
            return row with { ReferenceFileId = reference.FileId };
        }
        var compared = row with
        {
            ReferenceFileId = reference.FileId,
            ReferenceTop1 = vocabulary.Token(said.Top1),
            ReferenceTop1LogProb = said.Top1LogProb,
            ReferenceTop1LogProbHere = logits[said.Top1] - score.LogSumExp,
            Kld = theirs.IsEmpty
                ? null
                : Divergence.Kld(theirs, said.LogSumExp, logits, score.LogSumExp),
            Flip = outcome is { } here && said.Hit is { } there ? here != there : null,
        };
        return withDelta(
            compared,
            outcome is null || said.TokenLogProb is null
                ? null
                : score.TokenLogProb - said.TokenLogProb
        );
    }
}
