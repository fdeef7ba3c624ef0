using EchoRate.Core.Engine;

namespace EchoRate.LLamaSharp.Inside;

/// <summary>The residuals of a session, through its tap.</summary>
internal sealed class Residuals(
    LLamaSharpSession session,
    GraphTap tap,
    Sinks sinks,
    int layerCount,
    int width,
    string path
) : IResiduals
{
    private Dictionary<int, float[]> _after = [];
    private BatchToken[] _captured = [];

    public int LayerCount => layerCount;
    public int Width => width;

    public void Capture(ReadOnlySpan<BatchToken> batch)
    {
        var tokens = batch.ToArray();
        if (tokens.Length > session.SequenceCount || tokens.Any(token => !token.WantsLogits))
        {
            throw new ArgumentException(
                $"at most {session.SequenceCount} tokens are captured, and all want logits",
                nameof(batch)
            );
        }
        _captured = [];
        var after = new Dictionary<int, float[]>();
        sinks.Decode(tokens, (tensor, layer) => after[layer] = GraphTap.Values(tensor));
        for (var layer = GraphTap.Input; layer < layerCount; layer++)
        {
            // The last layer holds a row for each token that wants logits, the others for each token.
            if (after.GetValueOrDefault(layer)?.Length != tokens.Length * width)
            {
                throw new EngineException(
                    $"{path}: this architecture does not show its layers: llama.cpp's graph has no node {(layer == GraphTap.Input ? "embd" : $"l_out-{layer}")} with {width} figures for each token"
                );
            }
        }
        (_after, _captured) = (after, tokens);
    }

    public void DecodeAfter(int layer)
    {
        if (_captured.Length == 0)
        {
            throw new InvalidOperationException("nothing was captured");
        }
        for (var sequence = 0; sequence <= session.SequenceCount; sequence++)
        {
            session.TruncateSequence(sequence, 0);
        }
        // A batch of as many tokens, so that norm and head compute as they did; what the layers make of it is thrown away.
        BatchToken[] stand =
        [
            .. _captured.Select((token, i) => token with { Position = 0, Sequence = i }),
        ];
        tap.Write(layerCount - 1, _after[layer], () => session.Evaluate(stand));
    }
}
