using EchoRate.DemoModels.Vocabulary;
using EchoRate.DemoModels.Weights;
using static EchoRate.Testing.PairLayout;

namespace EchoRate.Testing;

/// <summary>The weights of a miniature: a transformer in which every token is followed by its partner, or by itself.</summary>
/// <remarks>
/// <para>
/// The demo models weigh their answers finely, so that quantizing moves them. A miniature is to give the same answers in every
/// architecture and type, so it has but one idea: tokens come in pairs, and a partner is the token's own vector, turned
/// (<see cref="PairedVectors"/>).
/// </para>
/// <para>
/// <b>Feed-forward</b>, of the layer that answers: unit i reads content dimension i and, if its gate is open, takes 1 share of it away and adds 3 shares
/// of it to dimension i + 112. Open: e becomes ≈ e' and the partner follows. Shut: nothing happens, and <i>a layer that does
/// nothing echoes</i>. Where BOS counts, the gate asks whether attention saw it; elsewhere it is always open.
/// </para>
/// <para>
/// <b>Attention.</b> One head of the layer that looks for BOS scores it 20 and all else 0, and raises one of two flags: BOS seen, or none
/// seen. That something is said either way keeps the norm behind attention (gemma2, gemma3) from blowing up what is nearly nothing.
/// Head 2 of every layer asks for nothing: it averages 32 content dimensions of all it sees and adds half of that.
/// So what stands in front touches the logits, but not the answer.
/// </para>
/// <para>
/// <b>Untied head</b> (llama, gpt-oss): its row for t is e_t turned by 56, and the feed-forward part turns by 168 instead of 112. Reading the
/// embedding in the head's place would give none of the known answers. Where BOS counts, layer 0 turns every token by those 56, and the layer that
/// answers by 112: the echo is made, and then ended.
/// </para>
/// </remarks>
internal sealed class PairCircuit
{
    /// <summary>Units of a feed-forward part: 224, the idle one, and none up to a whole super-block.</summary>
    internal const int UnitCount = Size;

    private const int IdleUnit = ContentSize;
    private const int AveragedCount = 32;
    private const int AveragingHead = 2;
    private const double AveragingGain = 0.5;

    // Before the first norm this makes 14 to 16 of eight flags or constants: φ is the identity there, and 0 at the negative.
    private const double GateWeight = 0.75;

    // A share of a unit's voice, which is about 13: 0.8.
    private const double Erase = 1.0 / 16;

    // RoPE turns the pair (i, i + 32) of a head by position × base^(−i/32): the slowest pair barely moves. In llama these are in pair 15, (2i, 2i + 1),
    // which at its base turns by 0.002 a position.
    private const int SlowDimension = 31;
    private const int RestDimension = 29;

    private readonly Miniature _shape;
    private readonly PairedVectors _vectors;
    private readonly int _bosId;

    internal PairCircuit(Miniature shape, ConstructedVocabulary vocabulary, ulong seed)
    {
        _shape = shape;
        _bosId = vocabulary.BosId;
        _vectors = PairedVectors.Draw(vocabulary, seed, withOpposed: shape.HasExperts);
        Embedding = new HalfMatrix(_vectors.Count, Size);
        SetEmbedding();
        if (!shape.IsTied)
        {
            Head = new HalfMatrix(_vectors.Count, Size);
            SetHead(Head);
        }
        OutputNorm.AsSpan(0, ContentSize).Fill(shape.OutputGain);
        Layers = [.. Enumerable.Range(0, shape.LayerCount).Select(BuildLayer)];
    }

    /// <summary>One row per token.</summary>
    internal HalfMatrix Embedding { get; }

    /// <summary>The output head; null where it is the embedding.</summary>
    internal HalfMatrix? Head { get; }

    /// <summary>Final norm: the reserved dimensions are hidden from the head.</summary>
    internal double[] OutputNorm { get; } = new double[Size];

    internal IReadOnlyList<PairLayer> Layers { get; }

    private void SetEmbedding()
    {
        for (var token = 0; token < _vectors.Count; token++)
        {
            Embedding.SetRow(token, 0, 1 / _shape.EmbeddingGain, _vectors.Content(token));
            Embedding.FillRow(token, Constant, Spread, ConstantValue / _shape.EmbeddingGain);
            if (_shape.HasExperts)
            {
                Embedding[token, Route] = _vectors.IsOpposed(token) ? -RouteValue : RouteValue;
            }
        }
        Embedding[_bosId, Bos] = BosValue / _shape.EmbeddingGain;
    }

    private void SetHead(HalfMatrix head)
    {
        for (var token = 0; token < _vectors.Count; token++)
        {
            head.SetRow(
                token,
                0,
                1,
                PairedVectors.Turned(_vectors.Content(token), PairedVectors.QuarterTurn)
            );
        }
    }

    private PairLayer BuildLayer(int index)
    {
        var turn = TurnOf(index);
        var layer = new PairLayer
        {
            FeedForward = _shape.HasExperts
                ? Experts.Build(turn)
                : [new PairFeedForward(UnitCount)],
        };
        SetAveragingHead(layer, index);
        if (index == _shape.BosLayer)
        {
            SetBosHead(layer);
        }
        SetPostNorms(layer, index);
        if (turn is not null && !_shape.HasExperts)
        {
            SetFeedForward(layer.FeedForward[0], turn);
        }
        return layer;
    }

    private PairTurn? TurnOf(int index)
    {
        var towardsHead = _shape.IsTied ? 0 : PairedVectors.QuarterTurn;
        if (index == _shape.AnswerLayer)
        {
            var places = PairedVectors.HalfTurn + (_shape.HeedsBos ? 0 : towardsHead);
            return new PairTurn(places, IsAnswer: true, _shape.HeedsBos);
        }
        return index == _shape.EchoLayer
            ? new PairTurn(towardsHead, IsAnswer: false, HeedsBos: false)
            : null;
    }

    private static void SetAveragingHead(PairLayer layer, int index)
    {
        var first = index * AveragedCount % ContentSize;
        for (var i = 0; i < AveragedCount; i++)
        {
            layer.Value[PairLayer.HeadSize + i, first + i] = 1;
            layer.AttentionOutput[first + i, (AveragingHead * PairLayer.HeadSize) + i] =
                AveragingGain;
        }
    }

    private void SetBosHead(PairLayer layer)
    {
        var head = _shape.BosHead * PairLayer.HeadSize;
        // Score: 16 × 10 ÷ √64 = 20 for BOS. The rest meets nothing: it keeps a norm on keys from blowing up what is 0.
        layer.Query.FillRow(head + SlowDimension, Constant, Spread, 16 / (Spread * ConstantValue));
        layer.Key[SlowDimension, Bos] = 10 / BosValue;
        layer.Key.FillRow(RestDimension, Constant, Spread, 1 / (Spread * ConstantValue));
        layer.Sinks[_shape.BosHead] = -1;
        // Value 0 is 1 for BOS and 0 for all else; value 1 the other way round, since BOS cancels its constant.
        layer.Value[0, Bos] = 1 / BosValue;
        layer.Value.FillRow(1, Constant, Spread, 1 / (Spread * ConstantValue));
        layer.Value[1, Bos] = -1 / BosValue;
        for (var i = 0; i < Spread; i++)
        {
            layer.AttentionOutput[BosSeen + i, head] = FlagValue;
            layer.AttentionOutput[NoBosSeen + i, head + 1] = FlagValue;
        }
    }

    // A norm makes a vector's mean square 1; these weights give back the size that it had where a token stands alone.
    private void SetPostNorms(PairLayer layer, int index)
    {
        var said =
            index == _shape.BosLayer
                ? FlagValue * Math.Sqrt((double)Spread / Size)
                : AveragingGain * Math.Sqrt((double)AveragedCount / Size);
        Array.Fill(layer.AttentionPostNorm, said);
        Array.Fill(layer.FeedForwardPostNorm, 0.8 * Math.Sqrt(10.0 * ContentSize / Size));
        // Alone in its vector the idle dimension is 16 after the norm.
        layer.FeedForwardPostNorm[Idle] = 1.0 / 8;
    }

    private static void SetFeedForward(PairFeedForward part, PairTurn turn)
    {
        for (var i = 0; i < ContentSize; i++)
        {
            part.SetGate(i, GateWeight, turn.HeedsBos);
            part.Up[i, i] = 1;
            part.Down[i, i] = -Erase;
            part.Down[(i + turn.Places) % ContentSize, i] = turn.Shares * Erase;
        }
        if (turn.HeedsBos)
        {
            // Open when the others are shut, so that there is always something for the norm behind this part.
            part.SetGate(IdleUnit, -GateWeight, turn.HeedsBos);
            part.Up.FillRow(IdleUnit, Constant, Spread, Erase);
            part.Down[Idle, IdleUnit] = 2 * Erase;
        }
    }
}
