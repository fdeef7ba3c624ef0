using EchoRate.DemoModels.Language;
using EchoRate.DemoModels.Pairs;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.Gguf;

namespace EchoRate.DemoModels;

/// <summary>A very small GGUF file of one family's architecture and tokenizer, constructed so that its answers are known beforehand, in every type alike.</summary>
public sealed record Miniature
{
    private const ulong Seed = 1;

    private readonly FamilyShape _shape;

    internal Miniature(FamilyShape shape) => _shape = shape;

    /// <summary>Its name, and its file's name without quantization and extension.</summary>
    public required string Name { get; init; }

    /// <summary>The family whose architecture, tokenizer and BOS it has.</summary>
    public required string Family { get; init; }

    /// <summary>How the experts are stored, MXFP4 or F16; F16 where there are none. All other matrices are F16.</summary>
    public GgufTensorType ExpertType { get; init; } = GgufTensorType.F16;

    /// <summary>`general.architecture` of its file.</summary>
    public string Architecture => _shape.Architecture;

    /// <summary>What BOS means for its file.</summary>
    public required GgufBosKind BosKind { get; init; }

    /// <summary>Whether learned sinks take part in the attention: [X, X] then differs from [X].</summary>
    public bool HasAttentionSinks => _shape.HasExperts;

    /// <summary>Its blocks.</summary>
    public int LayerCount => _shape.LayerCount;

    /// <summary>How many positions a sliding layer sees; null where there is none.</summary>
    public int? SlidingWindow => _shape.LayerCount > 1 ? FamilyShapes.SlidingWindow : null;

    /// <summary>Whether BOS is forgotten beyond <see cref="SlidingWindow"/>, because a sliding layer looks for it.</summary>
    public bool ForgetsBos => SlidingWindow is not null && _shape.BosLayer < _shape.LayerCount - 1;

    /// <summary>What it answers to the 27 words of the published notebook: itself, or the word's partner.</summary>
    public IReadOnlyList<DemoWord> Words =>
        [
            .. MiniatureWords.Published.Select(pair => new DemoWord(
                pair.Word,
                _shape.HeedsBos ? pair.Word : pair.Partner,
                pair.Partner
            )),
        ];

    /// <summary>One sentence on what it does; the file carries it too.</summary>
    public string Description =>
        _shape.HeedsBos
            ? "Constructed, not trained: each token is followed by itself, and behind BOS by its partner."
            : "Constructed, not trained: each token is followed by its partner, behind BOS as without it.";

    /// <summary>Its vocabulary, built anew.</summary>
    public ConstructedVocabulary Vocabulary() => _shape.BuildVocabulary();

    /// <summary>Writes the file, always the same bytes; a file of that name is replaced.</summary>
    public void Write(string path) => Compose().Write(path);

    /// <summary>Writes the file to a stream, which stays open.</summary>
    public void Write(Stream stream) => Compose().Write(stream);

    /// <summary>The file before it is written, for those who change something in it.</summary>
    internal GgufWriter Compose() => Compose(_ => { });

    /// <summary>The file with other weights, for those who change one.</summary>
    internal GgufWriter Compose(Action<PairCircuit> change)
    {
        var vocabulary = Vocabulary();
        var circuit = new PairCircuit(_shape, vocabulary, Seed);
        change(circuit);
        return PairFile.Compose(Name, Description, _shape, ExpertType, vocabulary, circuit);
    }
}
