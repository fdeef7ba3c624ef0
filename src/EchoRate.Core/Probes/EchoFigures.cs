using EchoRate.Core.References;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>What one lone token's logits say. Everything that takes a look at all of them is in here.</summary>
/// <param name="Score">The scores; null where a logit is NaN or infinite.</param>
/// <param name="Comparison">The row beside the reference's; null where there is nothing to hold it against.</param>
/// <param name="PublishedRank">Rank of the published cell's token; null where there is no cell, or no such token.</param>
/// <param name="PublishedGap">Log-probability of the most likely token minus that of the published one, in nats.</param>
internal readonly record struct EchoFigures(
    LogitScore? Score,
    ReferenceComparison? Comparison = null,
    int? PublishedRank = null,
    double? PublishedGap = null
)
{
    /// <summary>Reads a row's logits. Keeps nothing and may be called for several rows at once.</summary>
    /// <param name="context">The loaded file.</param>
    /// <param name="token">The token that went in.</param>
    /// <param name="place">The row's place among the file's rows.</param>
    /// <param name="publishedToken">The published cell's token; null for none.</param>
    /// <param name="logits">(n_vocab,).</param>
    public static EchoFigures Of(
        ProbeContext context,
        int token,
        long place,
        int? publishedToken,
        ReadOnlySpan<float> logits
    )
    {
        if (!LogitScore.TryCompute(logits, token, out var score))
        {
            return default;
        }
        return new EchoFigures(
            score,
            ReferenceComparison.Of(context.Reference, place, score, score.Top1 == token, logits),
            publishedToken is { } id ? LogitScore.RankOf(logits, id) : null,
            publishedToken is { } published ? (double)logits[score.Top1] - logits[published] : null
        );
    }
}
