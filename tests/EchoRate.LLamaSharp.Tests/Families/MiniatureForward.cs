using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.Gguf;

namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>The way of a few tokens through a miniature of one of the six architectures, in double, read off the architectures' papers.</summary>
/// <remarks>
/// A miniature's queries and keys hold nothing that RoPE would turn visibly within a few positions, so it is left out, but for YaRN's factor; and
/// so are windows, which are longer. F16 and F32 tensors only.
/// </remarks>
internal sealed class MiniatureForward
{
    private readonly GgufFile _file;
    private readonly string _architecture;
    private readonly Dictionary<string, double[]> _tensors = [];
    private readonly double _epsilon;

    internal MiniatureForward(string path)
    {
        _file = GgufFile.Read(path);
        _architecture = _file.Metadata.Text("general.architecture")!;
        _epsilon = Number("attention.layer_norm_rms_epsilon")!.Value;
    }

    /// <summary>Of the last call: what each token carries after each layer; (layer, token, value).</summary>
    internal List<double[][]> Residuals { get; } = [];

    /// <summary>Of the last call: what each token's heads attend to the first one; (layer, token, head), in a row.</summary>
    internal List<double> FirstAttention { get; } = [];

    /// <summary>The logits after the last of these tokens, if it were masked from some others.</summary>
    internal double[] Logits(AttentionCut cut, params int[] tokens)
    {
        Residuals.Clear();
        FirstAttention.Clear();
        var width = (int)Number("embedding_length")!.Value;
        var gain = IsGemma ? Math.Sqrt(width) : 1;
        var embedding = Tensor("token_embd.weight")!;
        double[][] x =
        [
            .. tokens.Select(token =>
                embedding[(token * width)..((token + 1) * width)]
                    .Select(value => gain * value)
                    .ToArray()
            ),
        ];
        for (var layer = 0; layer < Number("block_count"); layer++)
        {
            x = Layer(layer, x, cut);
            Residuals.Add(x);
        }
        var head = Tensor("output.weight") is null ? "token_embd" : "output";
        var logits = Times(head, Norm(x[^1], "output_norm"));
        return Number("final_logit_softcapping") is { } cap
            ? [.. logits.Select(logit => cap * Math.Tanh(logit / cap))]
            : logits;
    }

    private bool IsGemma => _architecture.StartsWith("gemma");

    private bool HasExperts => _architecture == "gpt-oss";

    private double[][] Layer(int layer, double[][] x, AttentionCut cut)
    {
        var block = $"blk.{layer}.";
        double[][] normed = [.. x.Select(at => Norm(at, block + "attn_norm"))];
        double[][] queries = [.. normed.Select(at => Times(block + "attn_q", at))];
        double[][] keys = [.. normed.Select(at => Times(block + "attn_k", at))];
        double[][] values = [.. normed.Select(at => Times(block + "attn_v", at))];
        return
        [
            .. x.Select(
                (at, i) =>
                    Layer(
                        block,
                        at,
                        Heads(
                            block,
                            queries[i],
                            keys[..(i + 1)],
                            values[..(i + 1)],
                            head =>
                                i == x.Length - 1 && cut.Applies(layer, head) ? cut.Positions : []
                        )
                    )
            ),
        ];
    }

    private double[] Layer(string block, double[] x, double[] heard)
    {
        var said = Times(block + "attn_output", heard);
        if (HasExperts)
        {
            var y = Sum(x, said);
            return Sum(y, Experts(block, Norm(y, block + "post_attention_norm")));
        }
        var behind = Sum(x, PostNorm(said, block + "post_attention_norm"));
        var z = Norm(behind, block + "ffn_norm");
        var hidden = Times(block + "ffn_gate", z)
            .Zip(Times(block + "ffn_up", z), (gate, up) => Activation(gate) * up)
            .ToArray();
        return Sum(behind, PostNorm(Times(block + "ffn_down", hidden), block + "post_ffw_norm"));
    }

    // Each query head takes the keys and values of its group; the last entry of these is its own.
    private double[] Heads(
        string block,
        double[] query,
        double[][] keys,
        double[][] values,
        Func<int, IReadOnlyList<int>> masked
    )
    {
        var size = (int)Number("attention.value_length")!.Value;
        var count = (int)Number("attention.head_count")!.Value;
        var group = count / (int)Number("attention.head_count_kv")!.Value;
        var sinks = Tensor(block + "attn_sinks.weight");
        var heard = new double[count * size];
        for (var head = 0; head < count; head++)
        {
            var own = HeadNorm(query, head, block + "attn_q_norm");
            double[] scores =
            [
                .. keys.Select(key =>
                    Score(Dot(own, HeadNorm(key, head / group, block + "attn_k_norm")))
                ),
            ];
            foreach (var position in masked(head))
            {
                scores[position] = double.NegativeInfinity;
            }
            var total = scores.Sum(Math.Exp) + (sinks is null ? 0 : Math.Exp(sinks[head]));
            FirstAttention.Add(Math.Exp(scores[0]) / total);
            for (var i = 0; i < size; i++)
            {
                heard[(head * size) + i] = scores
                    .Zip(
                        values,
                        (s, value) => Math.Exp(s) / total * value[(head / group * size) + i]
                    )
                    .Sum();
            }
        }
        return heard;

        // YaRN scales queries and keys alike.
        double Score(double product)
        {
            var stretch = 1 + (0.1 * Math.Log(Number("rope.scaling.factor") ?? 1));
            var score = stretch * stretch * product / Math.Sqrt(size);
            return Number("attn_logit_softcapping") is { } cap
                ? cap * Math.Tanh(score / cap)
                : score;
        }

        double[] HeadNorm(double[] all, int head, string name)
        {
            var part = all[(head * size)..((head + 1) * size)];
            return PostNorm(part, name);
        }
    }

    private double[] Experts(string block, double[] z)
    {
        var scores = Times(block + "ffn_gate_inp", z);
        var taken = scores
            .Select((score, expert) => (score, expert))
            .OrderByDescending(entry => entry.score)
            .Take((int)Number("expert_used_count")!.Value)
            .ToList();
        var total = taken.Sum(entry => Math.Exp(entry.score));
        var sum = new double[z.Length];
        foreach (var (score, expert) in taken)
        {
            var hidden = Times(block + "ffn_gate_exps", z, expert)
                .Zip(Times(block + "ffn_up_exps", z, expert), Swiglu)
                .ToArray();
            var said = Times(block + "ffn_down_exps", hidden, expert);
            sum = Sum(sum, [.. said.Select(value => Math.Exp(score) / total * value)]);
        }
        return sum;
    }

    private static double Swiglu(double gate, double up)
    {
        gate = Math.Min(gate, 7);
        return gate / (1 + Math.Exp(-1.702 * gate)) * (Math.Clamp(up, -7, 7) + 1);
    }

    private double Activation(double x) =>
        IsGemma
            ? 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))
            : x / (1 + Math.Exp(-x));

    private double[] PostNorm(double[] x, string name) =>
        Tensor(name + ".weight") is null ? x : Norm(x, name);

    private double[] Norm(double[] x, string name)
    {
        var scale = 1 / Math.Sqrt(x.Average(value => value * value) + _epsilon);
        return [.. x.Zip(Tensor(name + ".weight")!, (value, weight) => value * scale * weight)];
    }

    // The matrix of a name, one of a stack where there are experts, and its bias where there is one.
    private double[] Times(string name, double[] x, int expert = 0)
    {
        var dimensions = _file.Tensor(name + ".weight")!.Dimensions;
        var rows = (int)dimensions[1];
        var weights = Tensor(name + ".weight")!.AsMemory(expert * rows * x.Length);
        var bias = Tensor(name + ".bias");
        return
        [
            .. Enumerable
                .Range(0, rows)
                .Select(row =>
                    Dot(weights.Span.Slice(row * x.Length, x.Length), x)
                    + (bias is null ? 0 : bias[(expert * rows) + row])
                ),
        ];
    }

    private static double Dot(ReadOnlySpan<double> a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < b.Length; i++)
        {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private double? Number(string key) => _file.Metadata.Number($"{_architecture}.{key}");

    private double[]? Tensor(string name)
    {
        if (_file.Tensor(name) is not { } tensor)
        {
            return null;
        }
        if (_tensors.TryGetValue(name, out var known))
        {
            return known;
        }
        using var stream = new MemoryStream();
        _file.CopyTensor(tensor, stream);
        var bytes = stream.ToArray();
        double[] values = tensor.Type switch
        {
            GgufTensorType.F32 =>
            [
                .. MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(value => (double)value),
            ],
            GgufTensorType.F16 =>
            [
                .. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(value => (double)value),
            ],
            _ => throw new NotSupportedException($"{name} is {tensor.Type}"),
        };
        _tensors.Add(name, values);
        return values;
    }
}
