using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>What a readable header must also say so that llama.cpp loads the model instead of refusing, aborting, or silently measuring something else.</summary>
internal sealed class ModelChecks(GgufFile file, ProblemList problems)
{
    // LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS of llama-hparams.h: more is an assertion, which ends the process.
    private const int MostLayers = 512;
    private const int MostExperts = 512;

    private readonly GgufMetadata _metadata = file.Metadata;
    private readonly string? _architecture = file.Metadata.Text(GgufKeys.Architecture);

    internal void Check(bool tensorsKnown)
    {
        if (FileKind.Other(file) is { } other)
        {
            // Nothing else would make sense of an adapter or a projector.
            problems.Error(NotAModel, other);
            return;
        }
        if (tensorsKnown && file.Tensors.IsEmpty)
        {
            problems.Error(
                NoTensors,
                "The file holds no tensors: a vocabulary alone cannot be measured."
            );
        }
        CheckTypes();
        if (_architecture is { Length: > 0 })
        {
            CheckLayers();
            CheckExperts();
            new HyperparameterChecks(_metadata, _architecture, problems).Check();
            FileKind.CheckNextToken(_metadata, problems);
        }
        else if (!_metadata.Has(GgufKeys.Architecture))
        {
            problems.Error(NoArchitecture, $"There is no key {GgufKeys.Architecture}.");
        }
        new VocabularyChecks(_metadata, problems).Check();
        if (tensorsKnown)
        {
            CheckEmbedding();
            CheckTensorTypes();
            CheckRanks();
        }
    }

    // llama.cpp refuses a known key of another type, even a narrower one.
    private void CheckTypes()
    {
        (string Key, GgufValueType Type)[] expected =
        [
            (GgufKeys.Architecture, GgufValueType.Text),
            (GgufKeys.Name, GgufValueType.Text),
            (GgufKeys.FileType, GgufValueType.U32),
            (GgufKeys.Tokenizer, GgufValueType.Text),
            (GgufKeys.PreTokenizer, GgufValueType.Text),
            (GgufKeys.Bos, GgufValueType.U32),
            (GgufKeys.Eos, GgufValueType.U32),
            (GgufKeys.AddBos, GgufValueType.Bool),
            (GgufKeys.AddEos, GgufValueType.Bool),
            (GgufKeys.AddSpacePrefix, GgufValueType.Bool),
            ("split.count", GgufValueType.U16),
            ($"{_architecture}.{GgufKeys.BlockCount}", GgufValueType.U32),
            ($"{_architecture}.{GgufKeys.ContextLength}", GgufValueType.U32),
            ($"{_architecture}.{GgufKeys.EmbeddingLength}", GgufValueType.U32),
            ($"{_architecture}.{GgufKeys.ExpertCount}", GgufValueType.U32),
            ($"{_architecture}.{GgufKeys.Pooling}", GgufValueType.U32),
            ($"{_architecture}.{GgufKeys.Causal}", GgufValueType.Bool),
        ];
        foreach (var (key, type) in expected)
        {
            if (_metadata[key] is { } value && value.Type != type)
            {
                problems.Error(
                    WrongValueType,
                    $"{key} is {value} ({value.Type}); llama.cpp asks for {type}."
                );
            }
        }
    }

    private void CheckLayers()
    {
        var key = $"{_architecture}.{GgufKeys.BlockCount}";
        if (_metadata.WholeNumber(key) is not (>= 1 and <= MostLayers))
        {
            problems.Error(
                NoLayers,
                $"{key} is {_metadata[key]?.ToString() ?? "absent"}; 1 to {MostLayers} are allowed."
            );
        }
    }

    private void CheckExperts()
    {
        var countKey = $"{_architecture}.{GgufKeys.ExpertCount}";
        var usedKey = $"{_architecture}.{GgufKeys.ExpertUsedCount}";
        var count = _metadata.WholeNumber(countKey) ?? 0;
        // One number, or one per layer, of which the largest counts.
        var used = (_metadata[usedKey]?.Integers() ?? []).DefaultIfEmpty().Max();
        if (_architecture == "gpt-oss" && (count == 0 || used == 0))
        {
            problems.Error(
                BadExpertCount,
                $"gpt-oss needs {countKey} and {usedKey}; llama.cpp aborts without them."
            );
        }
        else if (
            count is < 0 or > MostExperts
            || used < 0
            || used > count
            || (count > 0 && used == 0)
        )
        {
            problems.Error(
                BadExpertCount,
                $"{countKey} is {count} and {usedKey} is {used}: of at most {MostExperts} experts at least one, and no more than there are, must be used."
            );
        }
    }

    private void CheckEmbedding()
    {
        if (file.Tensors.IsEmpty)
        {
            return;
        }
        if (file.Tensor(GgufKeys.TokenEmbedding) is not { } embedding)
        {
            problems.Error(NoTokenEmbedding, $"There is no tensor '{GgufKeys.TokenEmbedding}'.");
            return;
        }
        var rows = embedding.Dimensions.Length > 1 ? embedding.Dimensions[1] : 1;
        if (_metadata.Texts(GgufKeys.Tokens) is { Count: > 0 } tokens && tokens.Count != rows)
        {
            problems.Error(
                EmbeddingShape,
                $"'{GgufKeys.TokenEmbedding}' has {rows} rows; the vocabulary has {tokens.Count} tokens."
            );
        }
        var key = $"{_architecture}.{GgufKeys.EmbeddingLength}";
        if (_metadata.WholeNumber(key) is { } length && length != embedding.Dimensions[0])
        {
            problems.Error(
                EmbeddingShape,
                $"'{GgufKeys.TokenEmbedding}' has rows of {embedding.Dimensions[0]}; {key} is {length}."
            );
        }
    }

    // llama.cpp takes tensors with more dimensions than it asks for, and aborts where it reads rows of the one kind or multiplies the other.
    private void CheckRanks()
    {
        foreach (var tensor in file.Tensors)
        {
            var most =
                tensor.Name == GgufKeys.TokenEmbedding ? 2
                : tensor.Name.EndsWith("_exps.weight", StringComparison.Ordinal) ? 3
                : GgufFormat.MaxDimensions;
            if (tensor.Dimensions.Skip(most).Any(n => n != 1))
            {
                problems.Error(
                    BadDimensions,
                    $"Tensor '{tensor.Name}' has the shape ({tensor.Shape}); {most} dimensions are allowed."
                );
            }
        }
    }

    // Whether each tensor is stored so that ggml can calculate with it; it aborts, or reads what is not there, where not.
    private void CheckTensorTypes()
    {
        foreach (var tensor in file.Tensors)
        {
            if (MustBeF32(tensor))
            {
                if (tensor.Type != GgufTensorType.F32)
                {
                    problems.Error(
                        VectorNotF32,
                        $"Tensor '{tensor.Name}' is {tensor.Type}; norms, biases and other vectors must be F32, or ggml aborts."
                    );
                }
            }
            else if (IsWeight(tensor) && !CanMultiply(tensor.Type))
            {
                problems.Error(
                    TensorTypeUnusable,
                    $"Tensor '{tensor.Name}' is {tensor.Type}, with which ggml cannot multiply: the process would crash."
                );
            }
        }
    }

    // What every converter does: "most of the codebase that takes in 1D tensors or norms only handles F32 tensors".
    private static bool MustBeF32(GgufTensorInfo tensor) =>
        tensor.Name.EndsWith(".bias", StringComparison.Ordinal)
        || tensor.Name.EndsWith("_norm.weight", StringComparison.Ordinal)
        || (IsWeight(tensor) && tensor.Dimensions.Skip(1).All(n => n == 1));

    private static bool IsWeight(GgufTensorInfo tensor) =>
        tensor.Name.EndsWith(".weight", StringComparison.Ordinal);

    // Q8_1 and Q8_K are the other side of a product, never a file's.
    private static bool CanMultiply(GgufTensorType type) =>
        type
            is not (
                GgufTensorType.I8
                or GgufTensorType.I16
                or GgufTensorType.I32
                or GgufTensorType.I64
                or GgufTensorType.F64
                or GgufTensorType.Q8_1
                or GgufTensorType.Q8_K
            );
}
