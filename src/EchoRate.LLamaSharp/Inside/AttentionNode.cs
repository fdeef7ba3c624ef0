using static EchoRate.LLamaSharp.Interop.Ggml;

namespace EchoRate.LLamaSharp.Inside;

/// <summary>
/// What the tokens of a batch attend to in one layer, as llama.cpp has it in one node: a softmax over the cells of the cache, for each token and
/// head (<c>ggml_soft_max_ext</c> in llama-graph.cpp's build_attn_mha; scores, mask and learned sinks are its sources). Valid within the tap's call.
/// </summary>
internal sealed unsafe class AttentionNode
{
    private const int TypeF16 = 1;

    private readonly Tensor* _weights;
    private readonly Tensor* _mask;
    private readonly float[]? _scores;

    /// <summary>A layer's node, and the scores that went into it: (head, token, cell); null where they were not read.</summary>
    internal AttentionNode(Tensor* weights, int layer, float[]? scores)
    {
        _weights = weights;
        _scores = scores;
        _mask = weights->From(1);
        Layer = layer;
        if (_mask == null || _weights->Extent[3] != 1 || _mask->Extent[0] != _weights->Extent[0])
        {
            throw new InvalidOperationException(
                $"kq_soft_max-{layer} is not what was expected: a softmax with a mask, over one cache"
            );
        }
    }

    internal int Layer { get; }

    internal int CellCount => (int)_weights->Extent[0];

    internal int TokenCount => (int)_weights->Extent[1];

    internal int HeadCount => (int)_weights->Extent[2];

    /// <summary>Whether a part of the attention goes to learned sinks, which are no cells: the rest then adds up to less than 1.</summary>
    internal bool HasSinks => _weights->From(2) != null;

    /// <summary>Tells masks apart; layers of one kind share theirs.</summary>
    internal nint Mask => (nint)_mask;

    /// <summary>The weights: (head, token, cell).</summary>
    internal float[] Read() => GraphTap.Values((nint)_weights);

    /// <summary>The same, in a buffer that grows where it must.</summary>
    internal ReadOnlySpan<float> Read(ref float[] buffer) =>
        GraphTap.Values((nint)_weights, ref buffer);

    /// <summary>Reads the weight of each head's learned sink beside each token's: (head, token); 0 where there is none.</summary>
    /// <param name="weights">What <see cref="Read()"/> gave.</param>
    /// <remarks>
    /// It is told by the weight and the score of the cell that has most. What is missing to 1 would not do: beside a cell that has nearly
    /// everything, sink and other cells are less than a float's last digit of it.
    /// </remarks>
    internal double[] ReadSinkWeights(float[] weights)
    {
        var sinkWeights = new double[HeadCount * TokenCount];
        if (_weights->From(2) == null)
        {
            return sinkWeights;
        }
        if (_scores is null)
        {
            throw new InvalidOperationException(
                $"kq_soft_max-{Layer} has learned sinks, but is not the softmax of a node kq-{Layer}"
            );
        }
        var sinks = GraphTap.Values((nint)_weights->From(2));
        var scale = BitConverter.Int32BitsToSingle(_weights->OpParams[0]);
        for (var row = 0; row < sinkWeights.Length; row++)
        {
            var most = row * CellCount;
            for (var i = most + 1; i < (row + 1) * CellCount; i++)
            {
                most = weights[i] > weights[most] ? i : most;
            }
            var ahead = sinks[row / TokenCount] - ((double)scale * _scores[most]);
            sinkWeights[row] = weights[most] * Math.Exp(ahead);
        }
        return sinkWeights;
    }

    /// <summary>Puts other weights in their place.</summary>
    internal void Write(float[] weights) => GraphTap.Overwrite((nint)_weights, weights);

    /// <summary>Which cells each token may see: (token, cell).</summary>
    internal bool[] ReadVisible()
    {
        var size = _mask->Type == TypeF16 ? sizeof(Half) : sizeof(float);
        if (
            (_mask->Type is not (TypeF16 or TypeF32))
            || _mask->Stride[0] != size
            || _mask->Stride[1] != size * CellCount
            || _mask->Extent[1] < TokenCount
        )
        {
            throw new InvalidOperationException(
                $"the mask of kq_soft_max-{Layer} has another form"
            );
        }
        var bytes = new byte[size * CellCount * TokenCount];
        fixed (byte* to = bytes)
        {
            ggml_backend_tensor_get((nint)_mask, to, 0, (nuint)bytes.Length);
            var visible = new bool[CellCount * TokenCount];
            for (var i = 0; i < visible.Length; i++)
            {
                visible[i] = !float.IsNegativeInfinity(
                    size == sizeof(Half) ? (float)((Half*)to)[i] : ((float*)to)[i]
                );
            }
            return visible;
        }
    }
}
