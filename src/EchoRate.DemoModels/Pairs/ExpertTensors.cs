using EchoRate.DemoModels.Architectures;
using EchoRate.DemoModels.Weights;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Pairs;

/// <summary>What a layer of gpt-oss holds beside the usual: router, experts stacked in three dimensions, biases, attention sinks.</summary>
internal static class ExpertTensors
{
    internal static void Add(
        GgufWriter writer,
        string block,
        IReadOnlyList<PairFeedForward> experts,
        GgufTensorType type
    )
    {
        // This norm stands before the experts here, whatever its name says.
        writer.AddVector(
            $"{block}.post_attention_norm.weight",
            [.. Enumerable.Repeat(1.0, PairLayout.Size)]
        );
        AddAttentionExtras(writer, block);
        AddRouter(writer, block);
        AddStack(writer, $"{block}.ffn_gate_exps", [.. experts.Select(e => e.Gate)], type, 0);
        AddStack(
            writer,
            $"{block}.ffn_up_exps",
            [.. experts.Select(e => e.Up)],
            type,
            ExpertCircuit.UpBias
        );
        AddStack(writer, $"{block}.ffn_down_exps", [.. experts.Select(e => e.Down)], type, 0);
    }

    private static void AddAttentionExtras(GgufWriter writer, string block)
    {
        const int Keys = PairLayer.KeyHeadCount * PairLayer.HeadSize;
        // A sink of 0 takes as much attention as one token that scores 0: a lone token hears half of itself, one of two a third.
        writer
            .AddVector($"{block}.attn_sinks.weight", new double[PairLayer.HeadCount])
            .AddVector($"{block}.attn_q.bias", new double[PairLayer.HeadCount * PairLayer.HeadSize])
            .AddVector($"{block}.attn_k.bias", new double[Keys])
            .AddVector($"{block}.attn_v.bias", new double[Keys])
            .AddVector($"{block}.attn_output.bias", new double[PairLayout.Size]);
    }

    private static void AddRouter(GgufWriter writer, string block)
    {
        var weights = new float[ExpertCircuit.ExpertCount * PairLayout.Size];
        for (var expert = 0; expert < ExpertCircuit.ExpertCount; expert++)
        {
            weights[(expert * PairLayout.Size) + PairLayout.Route] = (float)(
                ExpertCircuit.Side(expert) * ExpertCircuit.RouteWeight
            );
        }
        writer
            .AddTensor(
                $"{block}.ffn_gate_inp.weight",
                [PairLayout.Size, ExpertCircuit.ExpertCount],
                GgufTensorType.F32,
                weights.AsMemory()
            )
            .AddVector($"{block}.ffn_gate_inp.bias", new double[ExpertCircuit.ExpertCount]);
    }

    private static void AddStack(
        GgufWriter writer,
        string name,
        IReadOnlyList<HalfMatrix> experts,
        GgufTensorType type,
        double bias
    )
    {
        var (rows, columns) = (experts[0].RowCount, experts[0].ColumnCount);
        float[] values = [.. experts.SelectMany(matrix => matrix.ToFloats())];
        long[] shape = [columns, rows, experts.Count];
        if (type == GgufTensorType.MXFP4)
        {
            writer.AddTensor($"{name}.weight", shape, type, Mxfp4.Encode(values).AsMemory());
        }
        else
        {
            writer.AddTensor($"{name}.weight", shape, type, values.AsMemory());
        }
        writer.AddTensor(
            $"{name}.bias",
            [rows, experts.Count],
            GgufTensorType.F32,
            Enumerable.Repeat((float)bias, rows * experts.Count).ToArray().AsMemory()
        );
    }
}
