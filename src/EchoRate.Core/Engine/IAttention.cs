namespace EchoRate.Core.Engine;

/// <summary>
/// What tokens attend to, and how to keep them from it. It remembers what it decodes: a token can be kept only from what this decoded in front of it
/// (sequences may be copied and truncated in between).
/// </summary>
public interface IAttention
{
    /// <summary>The model's layers, counted from 0.</summary>
    int LayerCount { get; }

    /// <summary>The heads of a layer, counted from 0; 0 before anything was decoded.</summary>
    int HeadCount(int layer);

    /// <summary>Evaluates a batch as <see cref="IModelSession.Decode"/> does; where a cut applies, a token attends to the rest as if its positions were masked.</summary>
    /// <param name="batch">The tokens.</param>
    /// <param name="cuts">For each token how its attention is cut; null leaves it alone. Shorter than the batch: nothing is cut behind its end.</param>
    /// <exception cref="EngineException">The architecture does not show its attention, or the library failed.</exception>
    void Decode(ReadOnlySpan<BatchToken> batch, IReadOnlyList<AttentionCut?> cuts);
}
