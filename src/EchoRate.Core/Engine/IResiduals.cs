namespace EchoRate.Core.Engine;

/// <summary>
/// What a model carries from layer to layer, of the last batch captured: the residual after every layer, and what the model's own final norm and
/// head make of it.
/// </summary>
public interface IResiduals
{
    /// <summary>The model's layers; they are counted from 0, and -1 stands for the input embedding.</summary>
    int LayerCount { get; }

    /// <summary>
    /// Evaluates a batch as <see cref="IModelSession.Decode"/> does, and keeps the residuals of its tokens, all of which must want logits. No
    /// logit is another for it.
    /// </summary>
    /// <exception cref="EngineException">The architecture does not show them, or the library failed.</exception>
    void Capture(ReadOnlySpan<BatchToken> batch);

    /// <summary>Figures in a residual.</summary>
    int Width { get; }

    /// <summary>
    /// Has the model's own final norm and head decode the captured residuals after a layer, as if no layer followed: <see cref="IModelSession.Logits"/>
    /// then tells those of each captured token. Empties every sequence.
    /// </summary>
    void DecodeAfter(int layer);
}
