namespace EchoRate.Core.Scoring;

/// <summary>
/// What one row of logits says, over the whole vocabulary: natural logarithms, sums in double (<see cref="LogitSweep"/>).
/// </summary>
/// <param name="Top1">
/// The most likely token. Of several with the same logit it is the lowest id, the scored token last: an exact tie is no echo and no
/// hit, so that <see cref="Margin"/> is positive exactly where <see cref="Top1"/> is the scored token.
/// </param>
/// <param name="Top1LogProb">Its log-probability, ≤ 0, in nats.</param>
/// <param name="LogSumExp">The logarithm of the sum of exp(logit): logit minus this is a log-probability.</param>
/// <param name="Entropy">Entropy of the distribution, ≥ 0, in nats.</param>
/// <param name="TokenLogProb">Log-probability of the scored token, in nats; 0 where none was given.</param>
/// <param name="TokenRank">Rank of the scored token, 1 is the top; 0 where none was given.</param>
/// <param name="Margin">Log-probability of the scored token minus the best of all others, in nats; 0 where none was given.</param>
public readonly record struct LogitScore(
    int Top1,
    double Top1LogProb,
    double LogSumExp,
    double Entropy,
    double TokenLogProb,
    int TokenRank,
    double Margin
)
{
    /// <summary>Scores one row of logits.</summary>
    /// <param name="logits">(n_vocab,), in the order of token ids.</param>
    /// <param name="token">The token to score; null for none.</param>
    /// <param name="score">The scores.</param>
    /// <returns>False where a logit is NaN or infinite, or where there is none but the token's: such a row has no distribution.</returns>
    public static bool TryCompute(ReadOnlySpan<float> logits, int? token, out LogitScore score)
    {
        score = default;
        var scored = token ?? -1;
        var first = scored == 0 ? 1 : 0;
        if (logits.Length <= first || token is { } own && !float.IsFinite(logits[own]))
        {
            return false;
        }

        var sweep = new LogitSweep(
            logits[first],
            token is null ? float.PositiveInfinity : logits[scored]
        );
        sweep.Add(logits, scored);
        if (!sweep.IsFinite)
        {
            return false;
        }
        score = Of(sweep, logits, sweep.FindBest(logits, scored), scored);
        return true;
    }

    /// <summary>Rank of a token among the logits: 1 plus the tokens that are at least as likely.</summary>
    public static int RankOf(ReadOnlySpan<float> logits, int token)
    {
        var (rank, own) = (0, logits[token]);
        foreach (var logit in logits)
        {
            rank += logit >= own ? 1 : 0;
        }
        return rank;
    }

    // The sweep has everything but the scored token.
    private static LogitScore Of(
        in LogitSweep sweep,
        ReadOnlySpan<float> logits,
        int best,
        int scored
    )
    {
        var (max, sum, weighted) = ((double)sweep.Pivot, sweep.Sum, sweep.Weighted);
        if (scored >= 0)
        {
            (max, sum, weighted) = Join(max, sum, weighted, logits[scored]);
        }
        var logSum = Math.Log(sum);
        var logSumExp = max + logSum;
        // H = log Σ e^d − Σ e^d·d ÷ Σ e^d with d = logit − max: no large numbers meet, whatever the logits' level.
        var entropy = Math.Max(0, logSum - weighted / sum);
        if (scored < 0)
        {
            return new LogitScore(best, -logSum, logSumExp, entropy, 0, 0, 0);
        }
        var margin = (double)logits[scored] - logits[best];
        var top1 = margin > 0 ? scored : best;
        return new LogitScore(
            top1,
            logits[top1] - max - logSum,
            logSumExp,
            entropy,
            logits[scored] - max - logSum,
            sweep.Reaching + 1,
            margin
        );
    }

    // One more logit, and the sums about whichever is the larger.
    private static (double Max, double Sum, double Weighted) Join(
        double max,
        double sum,
        double weighted,
        double logit
    )
    {
        var difference = logit - max;
        var weight = Math.Exp(-Math.Abs(difference));
        return difference > 0
            ? (logit, weight * sum + 1, weight * (weighted - difference * sum))
            : (max, sum + weight, weighted + weight * difference);
    }
}
