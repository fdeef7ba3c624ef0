namespace EchoRate.LLamaSharp.Tests.Numbers;

/// <summary>
/// Softmax by another road than Core's: 28 decimal digits, an exponential by its series, probabilities one by one, no rearranged
/// formulas. Slow and obvious.
/// </summary>
internal sealed class DecimalSoftmax
{
    private readonly decimal[] _logits;
    private readonly decimal[] _probabilities;
    private readonly decimal _max;
    private readonly decimal _logSum;

    internal DecimalSoftmax(float[] logits)
    {
        // By way of double: a float's own conversion to decimal keeps seven digits only.
        _logits = [.. logits.Select(logit => (decimal)(double)logit)];
        _max = _logits.Max();
        var weights = _logits.Select(logit => Exp(logit - _max)).ToArray();
        var sum = weights.Sum();
        _logSum = Log(sum);
        _probabilities = [.. weights.Select(weight => weight / sum)];
    }

    internal double LogProb(int token) => (double)(_logits[token] - _max - _logSum);

    internal double Entropy() =>
        (double)-_probabilities.Select((p, id) => p * (_logits[id] - _max - _logSum)).Sum();

    /// <summary>1 plus how many others are at least as likely.</summary>
    internal int Rank(int token) =>
        1 + _logits.Where((logit, id) => id != token && logit >= _logits[token]).Count();

    /// <summary>The token's log-probability minus that of the best other one.</summary>
    internal double Margin(int token) =>
        LogProb(token)
        - _logits.Select((_, id) => id == token ? double.MinValue : LogProb(id)).Max();

    /// <summary>The most likely token.</summary>
    internal int Top() => Array.IndexOf(_logits, _max);

    // e^x = (e^(x/64))^64 for x ≤ 0; what is smaller than 28 digits can show is 0.
    private static decimal Exp(decimal x)
    {
        if (x < -80)
        {
            return 0;
        }
        var (step, term, sum) = (x / 64, 1m, 1m);
        for (var n = 1; n < 40; n++)
        {
            term *= step / n;
            sum += term;
        }
        for (var doubling = 0; doubling < 6; doubling++)
        {
            sum *= sum;
        }
        return sum;
    }

    // Newton's step on e^y = x from a first guess of 15 digits.
    private static decimal Log(decimal x)
    {
        var guess = (decimal)Math.Log((double)x);
        return guess + (x * Exp(-guess)) - 1;
    }
}
