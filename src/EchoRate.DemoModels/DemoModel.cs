using EchoRate.DemoModels.Circuit;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.Gguf;

namespace EchoRate.DemoModels;

/// <summary>A small GGUF model that is constructed, not trained, so that its answers are known beforehand.</summary>
public sealed record DemoModel
{
    private readonly Lazy<ConstructedVocabulary> _vocabulary;
    private readonly Func<ConstructedVocabulary, CircuitPlan> _plan;

    internal DemoModel(
        Func<ConstructedVocabulary> buildVocabulary,
        Func<ConstructedVocabulary, CircuitPlan> plan
    ) => (_vocabulary, _plan) = (new(buildVocabulary), plan);

    /// <summary>Its name, and its file's name without quantization and extension.</summary>
    public required string Name { get; init; }

    /// <summary>`general.architecture` of its file: the family whose architecture and tokenizer it borrows.</summary>
    public required string Architecture { get; init; }

    /// <summary>One sentence on what it does; the file carries it too.</summary>
    public required string Description { get; init; }

    /// <summary>`rope.freq_base` of its file.</summary>
    internal float RopeBase { get; init; } = 10_000;

    /// <summary>The weight of the norm on each head's query, where the architecture has norms on queries and keys.</summary>
    internal double? QueryNorm { get; init; }

    /// <summary>Its vocabulary.</summary>
    public ConstructedVocabulary Vocabulary() => _vocabulary.Value;

    /// <summary>Writes the F16 file, always the same bytes; a file of that name is replaced.</summary>
    public void Write(string path) => Compose().Write(path);

    private GgufWriter Compose()
    {
        var vocabulary = Vocabulary();
        var circuit = CircuitBuilder.Build(_plan(vocabulary));
        var writer = ConstructedFile
            .Begin(Architecture, Name, Description)
            .AddSizes(
                Architecture,
                width: ResidualLayout.Size,
                layers: 1,
                feedForward: circuit.Gate.RowCount,
                heads: OneLayerCircuit.HeadCount,
                keyHeads: OneLayerCircuit.HeadCount,
                headWidth: OneLayerCircuit.HeadSize
            )
            .Add($"{Architecture}.rope.freq_base", GgufValue.F32(RopeBase))
            .AddVocabulary(vocabulary)
            .AddMatrix("token_embd", circuit.Embedding)
            .AddVector("output_norm", circuit.OutputNorm)
            .AddAttention(
                "blk.0",
                circuit.Query,
                circuit.Key,
                circuit.Value,
                circuit.AttentionOutput
            )
            .AddFeedForward("blk.0", circuit.Gate, circuit.Up, circuit.Down);
        return QueryNorm is { } weight
            ? writer
                .AddVector("blk.0.attn_q_norm", weight, OneLayerCircuit.HeadSize)
                .AddVector("blk.0.attn_k_norm", 1, OneLayerCircuit.HeadSize)
            : writer;
    }
}
