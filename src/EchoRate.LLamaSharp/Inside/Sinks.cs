using System.Numerics.Tensors;
using EchoRate.Core.Engine;

namespace EchoRate.LLamaSharp.Inside;

/// <summary>What the tokens of a session's batches show of attention sinks, through its tap. It reads, and never refuses: what is hidden is null.</summary>
internal sealed class Sinks(
    LLamaSharpSession session,
    GraphTap tap,
    Attention attention,
    int layerCount,
    int width
) : ISinks
{
    // With the one for padding.
    private readonly int _sequences = session.SequenceCount + 1;

    // Largest residual of each sequence's first token; (layer + 1, sequence).
    private readonly float[] _first = new float[(layerCount + 1) * (session.SequenceCount + 1)];

    // Of the last batch, by layer + 1 and by layer; null where nothing was seen.
    private readonly Size[]?[] _sizes = new Size[layerCount + 1][];
    private readonly Share[]?[] _shares = new Share[layerCount][];
    private readonly int[] _heads = new int[layerCount];
    private BatchToken[] _tokens = [];
    private bool _hidesAttention;
    private float[] _values = [];

    public int LayerCount => layerCount;

    public SinkFigures At(int layer, int batchIndex)
    {
        var token = _tokens[batchIndex];
        var size = _sizes[layer + 1]?[batchIndex] ?? Size.Unseen;
        var share = layer >= 0 && token.Position > 0 ? _shares[layer]?[batchIndex] : null;
        share = share is { Attention: var given } && double.IsFinite(given) ? share : null;
        return new SinkFigures(
            Finite(size.Max),
            Finite(size.Rms),
            Finite(_first[((layer + 1) * _sequences) + token.Sequence]),
            share?.Attention,
            share?.Heads,
            share is null ? 0 : _heads[layer]
        );
    }

    /// <summary>Evaluates a batch and looks on.</summary>
    internal void Decode(ReadOnlySpan<BatchToken> batch, Action<nint, int>? alsoSees = null)
    {
        var tokens = batch.ToArray();
        Begin(tokens);
        var stands = new Dictionary<nint, Attention.Stand[]>();
        tap.Watch(
            () => session.Evaluate(tokens),
            (tensor, layer) =>
            {
                SeeResidual(tensor, layer);
                alsoSees?.Invoke(tensor, layer);
            },
            _hidesAttention
                ? null
                : node => SeeAttention(node, attention.Locate(node, tokens, stands)),
            onHidden: () =>
            {
                _hidesAttention = true;
                Array.Clear(_shares);
            }
        );
    }

    /// <summary>Forgets the last batch.</summary>
    internal void Begin(BatchToken[] tokens)
    {
        _tokens = tokens;
        Array.Clear(_sizes);
        Array.Clear(_shares);
        foreach (var token in tokens.Where(token => token.Position == 0))
        {
            for (var at = 0; at <= layerCount; at++)
            {
                _first[(at * _sequences) + token.Sequence] = float.NaN;
            }
        }
    }

    /// <summary>A sequence that was copied into an empty one.</summary>
    internal void Copy(int source, int destination)
    {
        for (var at = 0; at < _first.Length; at += _sequences)
        {
            _first[at + destination] = _first[at + source];
        }
    }

    /// <summary>Takes a layer's residuals, which the last layer has for tokens alone that want logits.</summary>
    internal void SeeResidual(nint tensor, int layer)
    {
        if (layer >= layerCount || !GraphTap.HasFloats(tensor))
        {
            return;
        }
        var values = GraphTap.Values(tensor, ref _values);
        int[] rows =
            values.Length == _tokens.Length * width
                ? [.. Enumerable.Range(0, _tokens.Length)]
                :
                [
                    .. _tokens
                        .Index()
                        .Where(token => token.Item.WantsLogits)
                        .Select(token => token.Index),
                ];
        if (values.Length != rows.Length * width)
        {
            return;
        }
        var sizes = _sizes[layer + 1] = new Size[_tokens.Length];
        Array.Fill(sizes, Size.Unseen);
        for (var row = 0; row < rows.Length; row++)
        {
            var token = _tokens[rows[row]];
            var size = sizes[rows[row]] = SizeOf(values.Slice(row * width, width));
            if (token.Position == 0)
            {
                _first[((layer + 1) * _sequences) + token.Sequence] = size.Max;
            }
        }
    }

    /// <summary>Takes what a layer's tokens attend to, once it is known in which cells they stand.</summary>
    internal void SeeAttention(AttentionNode node, Attention.Stand[] stands)
    {
        var weights = node.Read(ref _values);
        var shares = _shares[node.Layer] = new Share[_tokens.Length];
        _heads[node.Layer] = node.HeadCount;
        for (var i = 0; i < _tokens.Length; i++)
        {
            if (stands[i].Visible <= _tokens[i].Position)
            {
                // The first one has left this layer's sliding window.
                continue;
            }
            var cell = attention.Cells.Of(node.Layer, _tokens[i].Sequence)[0];
            var (sum, over) = (0.0, 0);
            for (var head = 0; head < node.HeadCount; head++)
            {
                var given = weights[(((head * _tokens.Length) + i) * node.CellCount) + cell];
                sum += given;
                over += given > SinkFigures.SinkAttention ? 1 : 0;
            }
            shares[i] = new Share(sum / node.HeadCount, (double)over / node.HeadCount);
        }
    }

    private static Size SizeOf(ReadOnlySpan<float> residual) =>
        new(
            Math.Abs(TensorPrimitives.MaxMagnitude(residual)),
            Math.Sqrt(TensorPrimitives.SumOfSquares(residual) / (double)residual.Length)
        );

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private readonly record struct Size(float Max, double Rms)
    {
        public static Size Unseen => new(float.NaN, double.NaN);
    }

    private readonly record struct Share(double Attention, double Heads);
}
