using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>What kind of file it is, in words of people who download models: first of all, since a later check would complain of what only a language model has.</summary>
internal static class FileKind
{
    private const string OwnFile = "measure the language model's own .gguf file";

    // Architectures that stable-diffusion.cpp and the converters for ComfyUI write.
    private static readonly HashSet<string> _pictures =
    [
        .. (
            "flux sd1 sd2 sd3 sdxl wan hyvid hunyuan_video ltxv cosmos aura hidream lumina2 qwen_image chroma pixart "
            + "omnigen2 z_image"
        ).Split(' '),
    ];

    private static readonly string[] _pictureTensors =
    [
        "model.diffusion_model.",
        "first_stage_model.",
        "double_blocks.",
        "joint_blocks.",
        "transformer_blocks.",
    ];

    // llama.cpp gives these attention in both directions whatever their files say (llama-model.cpp).
    private static readonly HashSet<string> _encoders =
    [
        .. (
            "bert modern-bert nomic-bert nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 eurobert gemma-embedding "
            + "t5encoder llada llada-moe dream rnd1"
        ).Split(' '),
    ];

    private static readonly string[] _poolings = ["none", "mean", "cls", "last", "rank"];

    /// <summary>What the file is, where it is no language model at all; null where it is one.</summary>
    internal static string? Other(GgufFile file)
    {
        var metadata = file.Metadata;
        var kind = metadata.Text(GgufKeys.Kind);
        var architecture = metadata.Text(GgufKeys.Architecture);
        return (kind, architecture) switch
        {
            ("mmproj", _) or (_, "clip") =>
                $"This is a projector (mmproj): the eyes or ears of a multimodal model, no language model; {OwnFile}, which lies beside it.",
            ("adapter", _) when metadata.Text("adapter.type") is null or "lora" =>
                "This is a LoRA adapter, which changes a model and is none; measure its base model, or merge both into one file (llama-export-lora) and measure that.",
            ("adapter", _) =>
                $"This is an adapter ({metadata.Text("adapter.type")}), which changes a model and is none; measure its base model.",
            (_, "controlvector") =>
                "This is a control vector, which steers a model and is none; measure the model that it was made for.",
            ("imatrix", _) or (_, "imatrix") =>
                "This is an importance matrix, which helps to quantize a model; it goes to echorate quantize --imatrix.",
            (_, "wavtokenizer-dec") =>
                $"This is a vocoder, which turns tokens into sound, no language model; {OwnFile}.",
            (_, { } name) when _pictures.Contains(name) => Picture(name),
            _ when IsPicture(file) => Picture(architecture ?? "no architecture"),
            ({ } word, _) when word != "model" =>
                $"{GgufKeys.Kind} is '{word}'; only a 'model' can be measured.",
            _ => null,
        };
    }

    /// <summary>Warns of a model that gives no next token: it can be looked at and quantized, and a run does not measure it.</summary>
    internal static void CheckNextToken(GgufMetadata metadata, ProblemList problems)
    {
        var architecture = metadata.Text(GgufKeys.Architecture) ?? "";
        var pooling = metadata.WholeNumber($"{architecture}.{GgufKeys.Pooling}");
        if (pooling is > 0)
        {
            problems.Warning(
                EmbeddingModel,
                $"{architecture}.{GgufKeys.Pooling} is {pooling} ({_poolings.ElementAtOrDefault((int)Math.Min(pooling.Value, 99)) ?? "unknown"}): an embedding model or a reranker, which answers a text with a vector or a score, not with a next token; a run does not measure it."
            );
        }
        else if (architecture == "t5")
        {
            problems.Warning(
                NotCausal,
                "t5 is an encoder and a decoder: what the decoder says next depends on a text that the encoder read; a run does not measure it."
            );
        }
        else if (
            metadata.Bool($"{architecture}.{GgufKeys.Causal}") == false
            || _encoders.Contains(architecture)
        )
        {
            problems.Warning(
                NotCausal,
                $"In this model ({architecture}) every token sees the ones behind it too, as in embedding models and in those that write by diffusion: no position foretells the next token; a run does not measure it."
            );
        }
    }

    private static string Picture(string name) =>
        $"This is an image or video model ({name}), or a part of one, no language model.";

    // Files without keys, as stable-diffusion.cpp writes them: the tensors' names tell.
    private static bool IsPicture(GgufFile file) =>
        !file.Metadata.Has(GgufKeys.Tokens)
        && file.Tensors.Any(tensor =>
            Array.Exists(
                _pictureTensors,
                start => tensor.Name.StartsWith(start, StringComparison.Ordinal)
            )
        );
}
