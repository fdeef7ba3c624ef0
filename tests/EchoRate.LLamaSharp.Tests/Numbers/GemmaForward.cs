using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.Gguf;

namespace EchoRate.LLamaSharp.Tests.Numbers;

/// <summary>
/// Gemma's and Gemma 3's forward pass in double, straight from a file's tensors and from top to bottom, as llama2.c tells Llama's. It knows
/// nothing of llama.cpp, of batches or of a cache. For F16 and F32 files, and texts shorter than the sliding window.
/// </summary>
/// <remarks>
/// What llama.cpp's graph does (src/models/gemma.cpp, v0.4.0): embedding × √n_embd; RMS norm (the file holds weight + 1); RoPE on
/// the pairs (i, i + head ÷ 2); attention with scores ÷ √head; GeGLU with the tanh form of GELU; head tied to the embedding. Gemma 3 (gemma3.cpp) norms
/// each head's query and key, and what attention and feed-forward give back; five layers of six turn by base 10,000.
/// </remarks>
internal sealed class GemmaForward
{
    private readonly GgufFile _file;
    private readonly int _embd;
    private readonly int _layers;
    private readonly int _heads;
    private readonly int _headsKv;
    private readonly int _head;
    private readonly double _epsilon;
    private readonly double _ropeBase;
    private readonly bool _roundsAsGgml;
    private readonly bool _isGemma3;
    private readonly Dictionary<string, float[]> _tensors = [];

    /// <param name="path">The file.</param>
    /// <param name="roundsAsGgml">
    /// Whether to round where ggml's CPU code does for F16 weights: a vector to F16 before it meets a matrix, and what goes into GELU and comes
    /// out of it (a table of F16). All else stays double.
    /// </param>
    internal GemmaForward(string path, bool roundsAsGgml)
    {
        _roundsAsGgml = roundsAsGgml;
        _file = GgufFile.Read(path);
        var keys = _file.Metadata;
        var name = keys.Text("general.architecture");
        _isGemma3 = name == "gemma3";
        Assert.True(name is "gemma" or "gemma3");
        _embd = (int)keys.WholeNumber($"{name}.embedding_length")!;
        _layers = (int)keys.WholeNumber($"{name}.block_count")!;
        _heads = (int)keys.WholeNumber($"{name}.attention.head_count")!;
        _headsKv = (int)keys.WholeNumber($"{name}.attention.head_count_kv")!;
        _head = (int)keys.WholeNumber($"{name}.attention.key_length")!;
        _epsilon = keys.Number($"{name}.attention.layer_norm_rms_epsilon")!.Value;
        _ropeBase = keys.Number($"{name}.rope.freq_base")!.Value;
    }

    /// <summary>The logits after the last of these tokens: (n_vocab,).</summary>
    internal double[] Logits(params int[] tokens) => LogitsAfter(_layers - 1, tokens);

    /// <summary>The logits if the model ended after a layer; -1 for its input.</summary>
    internal double[] LogitsAfter(int last, params int[] tokens) => Logits(last, null, tokens);

    /// <summary>The logits if the last position were masked from some others.</summary>
    internal double[] LogitsCut(AttentionCut cut, params int[] tokens) =>
        Logits(_layers - 1, cut, tokens);

    private double[] Logits(int last, AttentionCut? cut, int[] tokens)
    {
        // x[p] is the residual stream at position p: (n_embd,)
        var embedding = Tensor("token_embd.weight");
        var x = tokens
            .Select(token =>
                embedding
                    .AsSpan(token * _embd, _embd)
                    .ToArray()
                    .Select(value => value * (double)MathF.Sqrt(_embd))
                    .ToArray()
            )
            .ToArray();

        for (var layer = 0; layer <= last; layer++)
        {
            // Attention: queries, keys and values of all positions, turned by their position.
            var (q, k, v) = (
                new double[x.Length][],
                new double[x.Length][],
                new double[x.Length][]
            );
            for (var p = 0; p < x.Length; p++)
            {
                var normed = Norm(x[p], $"blk.{layer}.attn_norm.weight");
                q[p] = Times($"blk.{layer}.attn_q.weight", normed);
                k[p] = Times($"blk.{layer}.attn_k.weight", normed);
                v[p] = Times($"blk.{layer}.attn_v.weight", normed);
                if (_isGemma3)
                {
                    NormHeads(q[p], $"blk.{layer}.attn_q_norm.weight");
                    NormHeads(k[p], $"blk.{layer}.attn_k_norm.weight");
                }
                Turn(q[p], p, BaseOf(layer));
                Turn(k[p], p, BaseOf(layer));
            }

            for (var p = 0; p < x.Length; p++)
            {
                var heard = new double[_heads * _head];
                for (var h = 0; h < _heads; h++)
                {
                    var (own, shared) = (h * _head, h / (_heads / _headsKv) * _head);

                    // A position sees itself and what is before it.
                    var weights = new double[p + 1];
                    for (var s = 0; s <= p; s++)
                    {
                        var score = 0.0;
                        for (var i = 0; i < _head; i++)
                        {
                            score += q[p][own + i] * k[s][shared + i];
                        }
                        var isMasked =
                            p == x.Length - 1
                            && cut?.Applies(layer, h) == true
                            && cut.Positions.Contains(s);
                        weights[s] = isMasked ? double.NegativeInfinity : score / Math.Sqrt(_head);
                    }
                    var most = weights.Max();
                    weights = Array.ConvertAll(weights, score => Math.Exp(score - most));
                    var sum = weights.Sum();
                    for (var s = 0; s <= p; s++)
                    {
                        for (var i = 0; i < _head; i++)
                        {
                            heard[own + i] += weights[s] / sum * v[s][shared + i];
                        }
                    }
                }
                heard = Times($"blk.{layer}.attn_output.weight", heard);
                Add(x[p], PostNorm(heard, $"blk.{layer}.post_attention_norm.weight"));
            }

            // Feed-forward: GELU(gate) × up, back to the residual stream.
            foreach (var residual in x)
            {
                var normed = Norm(residual, $"blk.{layer}.ffn_norm.weight");
                var gate = Times($"blk.{layer}.ffn_gate.weight", normed);
                var up = Times($"blk.{layer}.ffn_up.weight", normed);
                for (var i = 0; i < gate.Length; i++)
                {
                    up[i] *= Gelu(gate[i]);
                }
                up = Times($"blk.{layer}.ffn_down.weight", up);
                Add(residual, PostNorm(up, $"blk.{layer}.post_ffw_norm.weight"));
            }
        }

        return Times("token_embd.weight", Norm(x[^1], "output_norm.weight"));
    }

    private double[] Norm(double[] x, string weight)
    {
        var scale = 1 / Math.Sqrt(x.Average(value => value * value) + _epsilon);
        return [.. x.Zip(Tensor(weight), (value, w) => value * scale * w)];
    }

    private double[] PostNorm(double[] x, string weight) => _isGemma3 ? Norm(x, weight) : x;

    private void NormHeads(double[] heads, string weight)
    {
        for (var start = 0; start < heads.Length; start += _head)
        {
            Norm(heads[start..(start + _head)], weight).CopyTo(heads, start);
        }
    }

    private double BaseOf(int layer) => _isGemma3 && (layer + 1) % 6 != 0 ? 10_000 : _ropeBase;

    // A matrix lies row by row; each row is as long as the vector.
    private double[] Times(string matrix, double[] vector)
    {
        var values = Tensor(matrix);
        if (_roundsAsGgml)
        {
            vector = Array.ConvertAll(vector, value => (double)(Half)value);
        }
        var product = new double[values.Length / vector.Length];
        var row = new double[vector.Length];
        for (var i = 0; i < product.Length; i++)
        {
            TensorPrimitives.ConvertChecked<float, double>(
                values.AsSpan(i * row.Length, row.Length),
                row
            );
            product[i] = TensorPrimitives.Dot<double>(row, vector);
        }
        return product;
    }

    private void Turn(double[] vector, int position, double ropeBase)
    {
        for (var start = 0; start < vector.Length; start += _head)
        {
            for (var i = 0; i < _head / 2; i++)
            {
                var angle = position * Math.Pow(ropeBase, -2.0 * i / _head);
                var (sin, cos) = Math.SinCos(angle);
                var (a, b) = (vector[start + i], vector[start + i + (_head / 2)]);
                vector[start + i] = (a * cos) - (b * sin);
                vector[start + i + (_head / 2)] = (a * sin) + (b * cos);
            }
        }
    }

    private double Gelu(double x)
    {
        if (_roundsAsGgml)
        {
            x = (double)(Half)x;
        }
        var gelu = 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));
        return _roundsAsGgml ? (double)(Half)gelu : gelu;
    }

    private static void Add(double[] target, double[] more)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += more[i];
        }
    }

    private float[] Tensor(string name)
    {
        if (_tensors.TryGetValue(name, out var known))
        {
            return known;
        }
        var info = _file.Tensor(name)!;
        var data = new byte[info.ByteCount];
        using var bytes = new MemoryStream(data);
        _file.CopyTensor(info, bytes);
        return _tensors[name] = info.Type switch
        {
            GgufTensorType.F32 => MemoryMarshal.Cast<byte, float>(data).ToArray(),
            GgufTensorType.F16 =>
            [
                .. MemoryMarshal.Cast<byte, Half>(data).ToArray().Select(value => (float)value),
            ],
            _ => throw new NotSupportedException($"{name} is {info.Type}"),
        };
    }
}
