using EchoRate.DemoModels;
using EchoRate.DemoModels.Weights;
using static EchoRate.Testing.PairLayout;

namespace EchoRate.Testing;

/// <summary>The feed-forward part as four experts, of which a router takes two, and what else a layer of gpt-oss holds beside the usual.</summary>
/// <remarks>
/// <para>
/// Experts 0 and 1 know the ordinary pairs, 2 and 3 the opposed ones; of each two one knows the first half of the content dimensions,
/// the other the second. The router reads <see cref="Route"/> and scores the right two alike, so each speaks with weight ½. With
/// one wrong expert half of the answer is missing; with two the answer is the partner's opposite.
/// </para>
/// <para>
/// gpt-oss computes h = g σ(1.702 g) (u + 1) with g ≤ 7: a bias of −1 on u takes the 1 away again, and all gates are at their limit.
/// Gate, up and down hold 0, ¾, 1, −¼ and ¾, which MXFP4 represents exactly.
/// </para>
/// </remarks>
internal static class Experts
{
    internal const int Count = 4;
    internal const int UsedCount = 2;
    internal const int UnitCount = 128;

    private const double UpBias = -1;

    // What the router gives an expert for one of Route, right or wrong.
    private const double RouteWeight = 4;

    private const int KnownCount = ContentSize / 2;
    private const double GateWeight = 0.75;
    private const double Erase = 1.0 / 4;

    internal static IReadOnlyList<PairFeedForward> Build(PairTurn? turn) =>
        [.. Enumerable.Range(0, Count).Select(expert => Build(expert, turn))];

    internal static void AddTo(GgufWriter writer, string block, PairLayer layer)
    {
        const int Keys = PairLayer.KeyHeadCount * PairLayer.HeadSize;
        const int Queries = PairLayer.HeadCount * PairLayer.HeadSize;
        writer
            // This norm stands before the experts here, whatever its name says.
            .AddVector($"{block}.post_attention_norm", 1, Size)
            .AddVector($"{block}.attn_sinks", layer.Sinks)
            .AddVector($"{block}.attn_q", new double[Queries], "bias")
            .AddVector($"{block}.attn_k", new double[Keys], "bias")
            .AddVector($"{block}.attn_v", new double[Keys], "bias")
            .AddVector($"{block}.attn_output", new double[Size], "bias");
        var router = new float[Count * Size];
        for (var expert = 0; expert < Count; expert++)
        {
            router[(expert * Size) + Route] = (float)(Side(expert) * RouteWeight);
        }
        writer
            .AddTensor(
                $"{block}.ffn_gate_inp.weight",
                [Size, Count],
                GgufTensorType.F32,
                router.AsMemory()
            )
            .AddVector($"{block}.ffn_gate_inp", new double[Count], "bias");
        AddStack("gate", layer.FeedForward.Select(e => e.Gate), 0);
        AddStack("up", layer.FeedForward.Select(e => e.Up), UpBias);
        AddStack("down", layer.FeedForward.Select(e => e.Down), 0);

        void AddStack(string part, IEnumerable<HalfMatrix> matrices, double bias)
        {
            var (rows, columns) = (matrices.First().RowCount, matrices.First().ColumnCount);
            float[] values = [.. matrices.SelectMany(matrix => matrix.ToFloats())];
            var name = $"{block}.ffn_{part}_exps";
            long[] shape = [columns, rows, Count];
            writer.AddTensor($"{name}.weight", shape, GgufTensorType.F16, values.AsMemory());
            writer.AddTensor(
                $"{name}.bias",
                [rows, Count],
                GgufTensorType.F32,
                Enumerable.Repeat((float)bias, rows * Count).ToArray().AsMemory()
            );
        }
    }

    // +1 for the experts of the ordinary pairs, −1 for those of the opposed ones.
    private static int Side(int expert) => expert < Count / 2 ? 1 : -1;

    private static PairFeedForward Build(int expert, PairTurn? turn)
    {
        var part = new PairFeedForward(UnitCount);
        if (turn is null)
        {
            return part;
        }
        var replace = (turn.IsAnswer ? Side(expert) : 1) * turn.Shares * Erase;
        for (var unit = 0; unit < KnownCount; unit++)
        {
            var i = (expert % 2 * KnownCount) + unit;
            part.SetGate(unit, GateWeight, turn.HeedsBos);
            part.Up[unit, i] = 1;
            part.Down[i, unit] = -Erase;
            part.Down[(i + turn.Places) % ContentSize, unit] = replace;
        }
        return part;
    }
}
