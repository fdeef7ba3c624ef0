using EchoRate.DemoModels.Vocabulary;

namespace EchoRate.Testing;

/// <summary>A very small GGUF file of one family's architecture and tokenizer, constructed so that its answers are known beforehand, in every type alike.</summary>
public sealed record Miniature
{
    private const ulong Seed = 1;

    /// <summary>Its name, and its file's name without quantization and extension.</summary>
    public required string Name { get; init; }

    /// <summary>`general.architecture` of its file.</summary>
    public required string Architecture { get; init; }

    /// <summary>What BOS means for its file.</summary>
    public required BosKind BosKind { get; init; }

    /// <summary>Builds the vocabulary, with the family's own kind of tokenizer.</summary>
    public required Func<ConstructedVocabulary> Vocabulary { get; init; }

    /// <summary>Its blocks.</summary>
    public int LayerCount { get; init; } = 1;

    /// <summary>The layer that looks for BOS; null where BOS makes no difference.</summary>
    public int? BosLayer { get; internal init; }

    /// <summary>The query head of that layer that does; 0 or 1, which share their keys.</summary>
    public int BosHead { get; internal init; }

    /// <summary>The layer whose feed-forward part puts a token's partner in its place.</summary>
    public int AnswerLayer => AnswersWhereItLooks ? BosLayer!.Value : LayerCount - 1;

    /// <summary>The first layer after which the head reads the token itself, −1 for the embedding; null where it does after none.</summary>
    public int? EchoLayer =>
        IsTied ? -1
        : HeedsBos ? 0
        : null;

    /// <summary>How many positions a sliding layer sees; null where there is none.</summary>
    public int? SlidingWindow =>
        Keys.Any(key => key.Key.EndsWith("sliding_window", StringComparison.Ordinal))
            ? Miniatures.SlidingWindow
            : null;

    /// <summary>Whether BOS is forgotten beyond <see cref="SlidingWindow"/>, because a sliding layer looks for it.</summary>
    public bool ForgetsBos => SlidingWindow is not null && BosLayer < LayerCount - 1;

    /// <summary>What it answers to the 27 words of the published notebook: itself, or the word's partner.</summary>
    public IReadOnlyList<KnownWord> Words =>
        [
            .. MiniatureWords.Published.Select(pair => new KnownWord(
                pair.Word,
                HeedsBos ? pair.Word : pair.Partner,
                pair.Partner
            )),
        ];

    /// <summary>The keys that this architecture needs beside those that all have.</summary>
    internal IReadOnlyList<(string Key, GgufValue Value)> Keys { get; init; } = [];

    /// <summary>Whether <see cref="BosLayer"/> is <see cref="AnswerLayer"/> too; else that is the last one.</summary>
    internal bool AnswersWhereItLooks { get; init; }

    internal bool HeedsBos => BosLayer is not null;

    /// <summary>What the architecture multiplies an embedding row with.</summary>
    internal double EmbeddingGain { get; init; } = 1;

    /// <summary>The final norm's weight: logits are proportional to it.</summary>
    internal double OutputGain { get; init; } = 1;

    /// <summary>True where what attention and feed-forward part say is normed before it is added (gemma2, gemma3).</summary>
    internal bool HasPostNorms { get; init; }

    /// <summary>True where each head's query and key are normed (gemma3, qwen3).</summary>
    internal bool HasHeadNorms { get; init; }

    /// <summary>True where the head is the embedding.</summary>
    internal bool IsTied { get; init; } = true;

    /// <summary>True for gpt-oss: four experts of which two are taken, biases everywhere, attention sinks.</summary>
    public bool HasExperts { get; init; }

    internal float RopeBase { get; init; } = 10_000;

    internal float NormEpsilon { get; init; } = 1e-6f;

    internal string Description =>
        HeedsBos
            ? "Constructed, not trained: each token is followed by itself, and behind BOS by its partner."
            : "Constructed, not trained: each token is followed by its partner, behind BOS as without it.";

    /// <summary>Writes the file, always the same bytes; a file of that name is replaced.</summary>
    public void Write(string path) => Compose().Write(path);

    /// <summary>Writes the file to a stream, which stays open.</summary>
    public void Write(Stream stream) => Compose().Write(stream);

    /// <summary>The file before it is written.</summary>
    internal GgufWriter Compose()
    {
        var vocabulary = Vocabulary();
        return PairFile.Compose(this, vocabulary, new PairCircuit(this, vocabulary, Seed));
    }
}
