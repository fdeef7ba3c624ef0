using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EchoRate.LLamaSharp.Tests.Fixtures;

/// <summary>The way of a few tokens through one of the six architectures, in double, read off the architectures' papers and straight from a file's tensors.</summary>
/// <remarks>
/// RoPE turns Gemma's queries and keys; those of the other miniatures hold nothing that it would turn visibly within a few positions, so there it is
/// left out, but for YaRN's factor; and so are windows, which are longer. F16 and F32 tensors only.
/// </remarks>
internal sealed class Forward
{
    private readonly GgufFile _file;
    private readonly string _architecture;
    private readonly Dictionary<string, float[]> _tensors = [];
    private readonly double _epsilon;
    private readonly int _layers;
    private readonly int _size;
    private readonly int _heads;
    private readonly int _group;

    internal Forward(string path)
    {
        _file = GgufFile.Read(path);
        _architecture = _file.Metadata.Text("general.architecture")!;
        _epsilon = Number("attention.layer_norm_rms_epsilon")!.Value;
        _layers = (int)Number("block_count")!.Value;
        _size = (int)Number("attention.value_length")!.Value;
        _heads = (int)Number("attention.head_count")!.Value;
        _group = _heads / (int)Number("attention.head_count_kv")!.Value;
    }

    /// <summary>Of the last call: what each token carries after each layer, the input first; (1 + layer, token, value).</summary>
    internal List<double[][]> Residuals { get; } = [];

    /// <summary>Of the last call: what each token's heads attend to the first one; (layer, token, head), in a row.</summary>
    internal List<double> FirstAttention { get; } = [];

    /// <summary>The logits after the last of these tokens.</summary>
    internal double[] Logits(params int[] tokens) => Logits(new AttentionCut(CutKind.None), tokens);

    /// <summary>The same if it were masked from some others.</summary>
    internal double[] Logits(AttentionCut cut, params int[] tokens)
    {
        Run(cut, tokens, _layers);
        return LogitsOf(Residuals[^1][^1]);
    }

    /// <summary>The logits if the model ended after a layer; -1 for its input.</summary>
    internal double[] LogitsAfter(int layer, params int[] tokens)
    {
        Run(new AttentionCut(CutKind.None), tokens, layer + 1);
        return LogitsOf(Residuals[^1][^1]);
    }

    private void Run(AttentionCut cut, int[] tokens, int layers)
    {
        Residuals.Clear();
        FirstAttention.Clear();
        var width = (int)Number("embedding_length")!.Value;
        var gain = IsGemma ? Math.Sqrt(width) : 1;
        var embedding = Tensor("token_embd.weight")!;
        Residuals.Add([
            .. tokens.Select(token =>
                embedding
                    .AsSpan(token * width, width)
                    .ToArray()
                    .Select(value => gain * value)
                    .ToArray()
            ),
        ]);
        for (var layer = 0; layer < layers; layer++)
        {
            Residuals.Add(Layer(layer, Residuals[^1], cut));
        }
    }

    private double[] LogitsOf(double[] residual)
    {
        var head = Tensor("output.weight") is null ? "token_embd" : "output";
        var logits = Times(head, Norm(residual, "output_norm"));
        return Number("final_logit_softcapping") is { } cap
            ? [.. logits.Select(logit => cap * Math.Tanh(logit / cap))]
            : logits;
    }

    private bool IsGemma => _architecture.StartsWith("gemma");

    private double[][] Layer(int layer, double[][] x, AttentionCut cut)
    {
        var block = $"blk.{layer}.";
        double[][] normed = [.. x.Select(at => Norm(at, block + "attn_norm"))];
        double[][] queries = [.. normed.Select((at, i) => Turned("attn_q", at, i))];
        double[][] keys = [.. normed.Select((at, i) => Turned("attn_k", at, i))];
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

        // Queries or keys of a token's heads, each normed where the family norms them, and turned by its position: the pairs (i, i + size ÷ 2).
        double[] Turned(string matrix, double[] at, int position)
        {
            var all = Times(block + matrix, at);
            var ropeBase =
                _architecture == "gemma3" && (layer + 1) % 6 != 0
                    ? 10_000
                    : Number("rope.freq_base") ?? 10_000;
            for (var start = 0; start < all.Length; start += _size)
            {
                var head = PostNorm(all[start..(start + _size)], $"{block}{matrix}_norm");
                for (var i = 0; i < _size / 2 && IsGemma; i++)
                {
                    var angle = position * Math.Pow(ropeBase, -2.0 * i / _size);
                    var (sin, cos) = Math.SinCos(angle);
                    var (a, b) = (head[i], head[i + (_size / 2)]);
                    (head[i], head[i + (_size / 2)]) = (
                        (a * cos) - (b * sin),
                        (a * sin) + (b * cos)
                    );
                }
                head.CopyTo(all, start);
            }
            return all;
        }
    }

    private double[] Layer(string block, double[] x, double[] heard)
    {
        var said = Times(block + "attn_output", heard);
        if (_architecture == "gpt-oss")
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
        var sinks = Tensor(block + "attn_sinks.weight");
        var heard = new double[_heads * _size];
        for (var head = 0; head < _heads; head++)
        {
            var (own, shared) = (head * _size, head / _group * _size);
            double[] scores =
            [
                .. keys.Select(key =>
                    Score(
                        TensorPrimitives.Dot(
                            query.AsSpan(own, _size),
                            (ReadOnlySpan<double>)key.AsSpan(shared, _size)
                        )
                    )
                ),
            ];
            foreach (var position in masked(head))
            {
                scores[position] = double.NegativeInfinity;
            }
            var most = Math.Max(scores.Max(), sinks?[head] ?? double.NegativeInfinity);
            double[] weights = [.. scores.Select(score => Math.Exp(score - most))];
            var total = weights.Sum() + (sinks is null ? 0 : Math.Exp(sinks[head] - most));
            FirstAttention.Add(weights[0] / total);
            foreach (var (weight, value) in weights.Zip(values))
            {
                for (var i = 0; i < _size; i++)
                {
                    heard[own + i] += weight / total * value[shared + i];
                }
            }
        }
        return heard;

        // YaRN scales queries and keys alike.
        double Score(double product)
        {
            var stretch = 1 + (0.1 * Math.Log(Number("rope.scaling.factor") ?? 1));
            var score = stretch * stretch * product / Math.Sqrt(_size);
            return Number("attn_logit_softcapping") is { } cap
                ? cap * Math.Tanh(score / cap)
                : score;
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

    // The matrix of a name, row by row, one of a stack where there are experts, and its bias where there is one.
    private double[] Times(string name, double[] x, int expert = 0)
    {
        var product = new double[(int)_file.Tensor(name + ".weight")!.Dimensions[1]];
        var weights = Tensor(name + ".weight")!;
        var bias = Tensor(name + ".bias");
        var row = new double[x.Length];
        for (var i = 0; i < product.Length; i++)
        {
            var at = (expert * product.Length) + i;
            TensorPrimitives.ConvertChecked<float, double>(
                weights.AsSpan(at * x.Length, x.Length),
                row
            );
            product[i] = TensorPrimitives.Dot<double>(row, x) + (bias is null ? 0 : bias[at]);
        }
        return product;
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private double? Number(string key) => _file.Metadata.Number($"{_architecture}.{key}");

    private float[]? Tensor(string name)
    {
        if (_file.Tensor(name) is not { } tensor)
        {
            return null;
        }
        if (_tensors.TryGetValue(name, out var known))
        {
            return known;
        }
        var data = new byte[tensor.ByteCount];
        using var stream = new MemoryStream(data);
        _file.CopyTensor(tensor, stream);
        return _tensors[name] = tensor.Type switch
        {
            GgufTensorType.F32 => MemoryMarshal.Cast<byte, float>(data).ToArray(),
            GgufTensorType.F16 =>
            [
                .. MemoryMarshal.Cast<byte, Half>(data).ToArray().Select(value => (float)value),
            ],
            _ => throw new NotSupportedException($"{name} is {tensor.Type}"),
        };
    }
}
