namespace EchoRate.Core.Engine;

/// <summary>How the tokens of the last batch stand to the first token of their sequences: what attention sinks are known by.</summary>
public interface ISinks
{
    /// <summary>The model's layers, counted from 0; -1 stands for the input embedding.</summary>
    int LayerCount { get; }

    /// <summary>The figures of a token after a layer, and of the attention in it.</summary>
    /// <param name="layer">The layer, -1 to <see cref="LayerCount"/> - 1.</param>
    /// <param name="batchIndex">The token's place in the batch.</param>
    SinkFigures At(int layer, int batchIndex);
}

/// <summary>
/// What attention sinks are known by: a first token that carries a value many times larger than all others (Sun et al., "Massive Activations", 2024),
/// and that draws the attention (Gu et al., ICLR 2025). Null is what the architecture hides, what has no finite value, and the attention of a first
/// token, which has nothing else to attend to.
/// </summary>
/// <param name="ResidualMax">Largest absolute value of the token's residual.</param>
/// <param name="ResidualRms">Root mean square of that residual.</param>
/// <param name="FirstResidualMax">Largest absolute value of the residual of its sequence's first token.</param>
/// <param name="FirstAttention">Attention of the token to that first one, 0 to 1: mean over heads.</param>
/// <param name="SinkHeads">Share of heads that give the first one more than 0.3, the measure of Gu et al.</param>
/// <param name="Heads">Heads that the last two are of.</param>
public readonly record struct SinkFigures(
    double? ResidualMax,
    double? ResidualRms,
    double? FirstResidualMax,
    double? FirstAttention = null,
    double? SinkHeads = null,
    int Heads = 0
)
{
    /// <summary>What a head gives the first token at least, where it is said to attend to a sink.</summary>
    public const float SinkAttention = 0.3f;

    /// <summary>
    /// A token's figures over the whole model: the residual after the middle layer, number of layers ÷ 2 (a sink's is there, words' still grow);
    /// attention over all layers and heads.
    /// </summary>
    /// <param name="sinks">The session's; null gives nothing.</param>
    /// <param name="batchIndex">The token's place in the batch.</param>
    public static SinkFigures Of(ISinks? sinks, int batchIndex)
    {
        if (sinks is null)
        {
            return default;
        }
        var layers = Enumerable
            .Range(0, sinks.LayerCount)
            .Select(layer => sinks.At(layer, batchIndex))
            .ToList();
        var seen = layers.FindAll(layer => layer.FirstAttention is not null);
        var heads = seen.Sum(layer => layer.Heads);
        return layers[MiddleOf(layers.Count)] with
        {
            FirstAttention = Mean(layer => layer.FirstAttention),
            SinkHeads = Mean(layer => layer.SinkHeads),
            Heads = heads,
        };

        double? Mean(Func<SinkFigures, double?> of) =>
            heads == 0 ? null : seen.Sum(layer => of(layer) * layer.Heads) / heads;
    }

    /// <summary>The middle one of so many layers; never the last, whose residual is shaped for the head, where there is another.</summary>
    public static int MiddleOf(int layers) => Math.Max(0, Math.Min(layers / 2, layers - 2));
}
