namespace EchoRate.Core.References;

/// <summary>What the reference said in one row, beside its logits.</summary>
/// <param name="Top1">The most likely token.</param>
/// <param name="LogSumExp">Logarithm of the sum of exp(logit).</param>
/// <param name="Top1LogProb">Log-probability of the most likely token, in nats.</param>
/// <param name="TokenLogProb">Log-probability of the scored token, in nats; null where none was.</param>
/// <param name="Hit">Whether the scored token was on top; null where none was scored.</param>
public readonly record struct ReferenceRow(
    int Top1,
    double LogSumExp,
    double Top1LogProb,
    double? TokenLogProb,
    bool? Hit
);
