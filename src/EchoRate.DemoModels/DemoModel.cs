using EchoRate.DemoModels.Vocabulary;
using EchoRate.Gguf;

namespace EchoRate.DemoModels;

/// <summary>A small GGUF model that is constructed, not trained, so that its answers are known beforehand.</summary>
public sealed record DemoModel
{
    private readonly Func<ConstructedVocabulary> _buildVocabulary;
    private readonly Func<DemoModel, GgufWriter> _compose;

    internal DemoModel(
        Func<ConstructedVocabulary> buildVocabulary,
        Func<DemoModel, GgufWriter> compose
    ) => (_buildVocabulary, _compose) = (buildVocabulary, compose);

    /// <summary>Its name, and its file's name without quantization and extension.</summary>
    public required string Name { get; init; }

    /// <summary>The family whose architecture and tokenizer it borrows.</summary>
    public required string Family { get; init; }

    /// <summary>`general.architecture` of its file.</summary>
    public required string Architecture { get; init; }

    /// <summary>One sentence on what it does; the file carries it too.</summary>
    public required string Description { get; init; }

    /// <summary>The seed of its random directions.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What it answers to the 27 words of the published notebook.</summary>
    public required IReadOnlyList<DemoWord> Words { get; init; }

    /// <summary>How it completes the published prompt, without BOS and with it.</summary>
    public required IReadOnlyList<DemoCompletion> Completions { get; init; }

    /// <summary>Its vocabulary, built anew.</summary>
    public ConstructedVocabulary Vocabulary() => _buildVocabulary();

    /// <summary>Writes the F16 file, always the same bytes; a file of that name is replaced.</summary>
    public void Write(string path) => _compose(this).Write(path);

    /// <summary>Writes the F16 file to a stream, which stays open.</summary>
    public void Write(Stream stream) => _compose(this).Write(stream);
}
