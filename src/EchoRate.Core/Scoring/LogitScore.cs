using System.Runtime.CompilerServices;

namespace EchoRate.Core.Scoring;

/// <summary>
/// What one row of logits says, over the whole vocabulary: softmax in double, natural logarithms.
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
    /// <returns>False where a logit is NaN or infinite: such a row has no distribution.</returns>
    public static bool TryCompute(ReadOnlySpan<float> logits, int? token, out LogitScore score)
    {
        score = default;
        if (logits.IsEmpty || !TryFindBest(logits, token ?? -1, out var best))
        {
            return false;
        }

        var max = (double)logits[best];
        if (token is { } scored)
        {
            max = Math.Max(max, logits[scored]);
        }
        var (sum, weighted) = SumExponentials(logits, max);
        var logSum = Math.Log(sum);
        // H = log Σ e^d − Σ e^d·d ÷ Σ e^d with d = logit − max: no large numbers meet, whatever the logits' level.
        var entropy = Math.Max(0, logSum - weighted / sum);

        if (token is not { } id)
        {
            score = new LogitScore(
                best,
                logits[best] - max - logSum,
                max + logSum,
                entropy,
                0,
                0,
                0
            );
            return true;
        }
        var margin = (double)logits[id] - logits[best];
        var top1 = margin > 0 ? id : best;
        score = new LogitScore(
            top1,
            logits[top1] - max - logSum,
            max + logSum,
            entropy,
            logits[id] - max - logSum,
            RankOf(logits, id),
            margin
        );
        return true;
    }

    /// <summary>The most likely token alone: the first of the largest logits.</summary>
    /// <returns>False where a logit is NaN or infinite.</returns>
    public static bool TryFindTop(ReadOnlySpan<float> logits, out int top) =>
        TryFindBest(logits, -1, out top);

    // (Σ e^d, Σ e^d·d) with d = logit − max. A method of its own: where the caller zeroes a struct with wide registers first, each call of
    // Math.Exp in the same method takes some 20 times as long (tests/EchoRate.Benchmarks shows it).
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (double Sum, double Weighted) SumExponentials(
        ReadOnlySpan<float> logits,
        double max
    )
    {
        var (sum, weighted) = (0.0, 0.0);
        foreach (var logit in logits)
        {
            var difference = logit - max;
            var weight = Math.Exp(difference);
            sum += weight;
            weighted += weight * difference;
        }
        return (sum, weighted);
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

    // The best of all tokens but one: the first of the largest.
    private static bool TryFindBest(ReadOnlySpan<float> logits, int except, out int best)
    {
        best = -1;
        for (var id = 0; id < logits.Length; id++)
        {
            if (!float.IsFinite(logits[id]))
            {
                return false;
            }
            if (id != except && (best < 0 || logits[id] > logits[best]))
            {
                best = id;
            }
        }
        return best >= 0;
    }
}
