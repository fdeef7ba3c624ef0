namespace EchoRate.Tests.Gguf.Mutations;

/// <summary>Bends a sound model in one to three seeded ways: its keys, its tensors, its bytes.</summary>
internal sealed class HeaderMutator(Random random)
{
    private static readonly string[] Words =
    [
        "",
        "llama",
        "gemma",
        "gemma2",
        "gemma3",
        "qwen3",
        "gpt-oss",
        "gpt2",
        "bert",
        "t5",
        "rwkv",
        "mamba",
        "linear",
        "yarn",
        "none",
        "default",
        "gpt-4o",
        "qwen2",
        "model",
        "adapter",
        "\0",
        "ÿ",
        "x",
    ];

    private static readonly string[] Names =
    [
        .. "expert_count expert_used_count expert_group_count expert_group_used_count nextn_predict_layers rope.scaling.type rope.scaling.factor rope.dimension_count rope.freq_base rope.dimension_sections attention.head_count attention.head_count_kv attention.key_length attention.value_length attention.sliding_window attention.sliding_window_pattern attention.causal pooling_type attention.layer_norm_rms_epsilon feed_forward_length vocab_size embedding_length_out block_count context_length embedding_length attention.key_length_swa rope.dimension_count_swa".Split(
            ' '
        ),
    ];

    /// <summary>A bent copy, and the bytes of its header.</summary>
    public (RawModel Model, byte[] Header) Mutate(RawModel sound)
    {
        var model = sound.Copy();
        var laysOut = random.Next(4) > 0;
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            if (random.Next(3) == 0)
            {
                BendTensor(model);
            }
            else
            {
                BendKey(model);
            }
        }
        if (laysOut)
        {
            model.LayOut();
        }
        var header = model.Header();
        return (model, random.Next(6) == 0 ? BendBytes(header) : header);
    }

    private void BendKey(RawModel model)
    {
        var i = random.Next(model.Keys.Count);
        var key = model.Keys[i];
        switch (random.Next(9))
        {
            case 0:
                model.Keys.RemoveAt(i);
                break;
            case 1:
                model.Keys.Insert(random.Next(model.Keys.Count), key);
                break;
            case 2:
                model.Keys[i] = key with { Type = (uint)random.Next(14) };
                break;
            case 3:
                AddKnown(model);
                break;
            case 4:
                var other = model.Keys[random.Next(model.Keys.Count)];
                model.Keys[i] = key with { Type = other.Type, Payload = other.Payload };
                break;
            default:
                model.Keys[i] = key with { Payload = Bend(key) };
                break;
        }
    }

    // A key that llama.cpp asks for, with a number or a word that nobody meant.
    private void AddKnown(RawModel model)
    {
        var architecture = model.Keys.Find(key => key.Name == "general.architecture");
        var prefix = architecture is { Type: 8, Payload.Length: > 8 }
            ? Encoding.UTF8.GetString(architecture.Payload.AsSpan(8))
            : "llama";
        var name = $"{prefix}.{Names[random.Next(Names.Length)]}";
        model.Keys.RemoveAll(key => key.Name == name);
        model.Keys.Add(
            name.EndsWith("type", StringComparison.Ordinal)
                ? new RawKey(name, 8, Text(Words[random.Next(Words.Length)]))
                : new RawKey(name, 4, BitConverter.GetBytes((uint)Number()))
        );
    }

    private byte[] Bend(RawKey key) =>
        (GgufValueType)key.Type switch
        {
            GgufValueType.Text => Text(Words[random.Next(Words.Length)]),
            GgufValueType.Array => BendArray(key.Payload),
            GgufValueType.F32 => BitConverter.GetBytes(
                (float[])[0, -1, float.NaN, float.PositiveInfinity, 1e-30f, 1e30f] is var odd
                    ? odd[random.Next(odd.Length)]
                    : 0
            ),
            _ => [.. BitConverter.GetBytes(Number()).Take(key.Payload.Length)],
        };

    private byte[] BendArray(byte[] payload)
    {
        var bytes = (byte[])payload.Clone();
        if (bytes.Length < 12)
        {
            // Bent before: called an array, but the payload is another type's, too short for an element type and a count.
            random.NextBytes(bytes);
            return bytes;
        }
        switch (random.Next(4))
        {
            case 0:
                // Another element type.
                bytes[0] = (byte)random.Next(14);
                break;
            case 1:
                // Another count, the elements as they are.
                BitConverter.TryWriteBytes(bytes.AsSpan(4), Number());
                break;
            default:
                for (var n = random.Next(1, 5); n > 0 && bytes.Length > 12; n--)
                {
                    bytes[random.Next(12, bytes.Length)] = (byte)random.Next(256);
                }
                break;
        }
        return bytes;
    }

    private void BendTensor(RawModel model)
    {
        var i = random.Next(model.Tensors.Count);
        var tensor = model.Tensors[i];
        switch (random.Next(9))
        {
            case 0:
                model.Tensors.RemoveAt(i);
                break;
            case 1:
                model.Tensors.Add(tensor);
                break;
            case 2:
                model.Tensors[i] = tensor with
                {
                    Name = tensor.Name.Replace('0', '1') + "x"[random.Next(2)..],
                };
                break;
            case 3:
                var other = random.Next(model.Tensors.Count);
                (model.Tensors[i], model.Tensors[other]) = (
                    tensor with
                    {
                        Name = model.Tensors[other].Name,
                    },
                    model.Tensors[other] with
                    {
                        Name = tensor.Name,
                    }
                );
                break;
            case 4:
                model.Tensors[i] = tensor with { Shape = [.. tensor.Shape.Reverse()] };
                break;
            case 5:
                var at = random.Next(tensor.Shape.Length);
                tensor.Shape[at] = random.Next(4) switch
                {
                    0 => tensor.Shape[at] * 2,
                    1 => tensor.Shape[at] / 2,
                    2 => tensor.Shape[at] + 32,
                    _ => Number(),
                };
                break;
            case 6:
                model.Tensors[i] = tensor with { Offset = Number() };
                break;
            case 7:
                model.Tensors[i] = tensor with { Shape = [.. tensor.Shape, 1UL << random.Next(3)] };
                break;
            default:
                model.Tensors[i] = tensor with { Type = (uint)random.Next(43) };
                break;
        }
    }

    private byte[] BendBytes(byte[] header)
    {
        if (random.Next(4) == 0)
        {
            return header[..random.Next(header.Length)];
        }
        var bytes = (byte[])header.Clone();
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            bytes[random.Next(bytes.Length)] = (byte)(
                random.Next(3) switch
                {
                    0 => 0,
                    1 => 255,
                    _ => random.Next(256),
                }
            );
        }
        return bytes;
    }

    private ulong Number() =>
        random.Next(8) switch
        {
            0 => 0,
            1 => 1,
            2 => (ulong)random.Next(2, 10),
            3 => (ulong)random.Next(10, 1000),
            4 => uint.MaxValue,
            5 => 1UL << random.Next(64),
            6 => ulong.MaxValue,
            _ => (ulong)random.NextInt64(),
        };

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. BitConverter.GetBytes((ulong)bytes.Length), .. bytes];
    }
}
