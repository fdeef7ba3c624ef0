using System.Text.Json.Serialization;

namespace EchoRate.Core.Models;

/// <summary>What a file's header, and the manifest where one names the file, says about a model: a row of <c>files.csv</c>, the measured columns left out.</summary>
public sealed partial record ModelFacts
{
    /// <summary>The model's name; files of one name, architecture and vocabulary form one ladder.</summary>
    public required string Model { get; init; }

    /// <summary>The family, for example <c>gemma2</c>; null where nobody said.</summary>
    public string? Family { get; init; }

    /// <summary><c>base</c>, <c>it</c> or <c>post</c>; null where nobody said.</summary>
    public string? Tuning { get; init; }

    /// <summary>Where the original weights come from, for example <c>google/gemma-2-2b-it</c>.</summary>
    public string? Source { get; init; }

    /// <summary>The repository that the file was taken from.</summary>
    public string? SourceRepo { get; init; }

    /// <summary>The revision of <see cref="SourceRepo"/>.</summary>
    public string? SourceRevision { get; init; }

    /// <summary>The file, or the first of its parts.</summary>
    public string? Path { get; init; }

    /// <summary>The file's SHA-256, 64 hex digits; of a split file, the hash over its parts' hashes. Null where it was not computed.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether the weights were constructed, not trained (demo models and miniatures).</summary>
    public bool Constructed { get; init; }

    /// <summary>The architecture, for example <c>gemma2</c>; null where the file is not here.</summary>
    public string? Architecture { get; init; }

    /// <summary>The quantization, by llama-quantize's name.</summary>
    public string? Quantization { get; init; }

    /// <summary>What the file calls itself where that says more than its header (<c>UD-Q4_K_XL</c>); else null.</summary>
    public string? OwnLabel { get; init; }

    /// <summary>The tensor type of the token embedding.</summary>
    public string? TokenEmbeddingType { get; init; }

    /// <summary>The tensor type of the output head; of a tied head, the embedding's.</summary>
    public string? OutputType { get; init; }

    /// <summary>Whether the output head is the token embedding.</summary>
    public bool? TiedEmbeddings { get; init; }

    /// <summary>How many tensors of each type, for example <c>F32:13 Q4_K:20</c>.</summary>
    public string? TensorTypes { get; init; }

    /// <summary>Whether an importance matrix was used for quantizing; null where the file is not here.</summary>
    public bool? Imatrix { get; init; }

    /// <summary>Number of weights.</summary>
    public long? Parameters { get; init; }

    /// <summary>Bits of tensor data per weight.</summary>
    public double? BitsPerWeight { get; init; }

    /// <summary>Size of the file, all parts together, in bytes.</summary>
    public long? FileBytes { get; init; }

    /// <summary>The kind of tokenizer, for example <c>SPM</c> or <c>BPE</c>.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>The pre-tokenizer, for example <c>qwen2</c>.</summary>
    public string? PreTokenizer { get; init; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>Hash over the vocabulary's tokens; equal hashes are equal vocabularies.</summary>
    public string? VocabularyHash { get; init; }

    /// <summary>What the header says of how text becomes ids, beside the tokens (<see cref="InputDifferences"/>).</summary>
    public string TokenizerSettings { get; init; } = "";

    /// <summary>BOS as the file declares it; null where the key is absent or out of range, whatever a library answers.</summary>
    public int? BosToken { get; init; }

    /// <summary>The id under which the file declares BOS, in range or not; null without the key.</summary>
    public long? DeclaredBosToken { get; init; }

    /// <summary>EOS as the file declares it; null where the key is absent or out of range.</summary>
    public int? EosToken { get; init; }

    /// <summary>What BOS means for this file.</summary>
    public BosKind? BosKind { get; init; }

    /// <summary>Whether the tokenizer puts a space in front of a text.</summary>
    public bool? AddSpacePrefix { get; init; }

    /// <summary>Whether <c>add_space_prefix</c> was forced to false because a Gemma file lacks the key (it would default to true).</summary>
    public bool SpacePrefixForced { get; init; }

    /// <summary>What the header says that touches every measurement of the file: words of the column <c>flags</c>, blanks between. One text, so that equal facts are equal.</summary>
    public string? HeaderFlags { get; init; }

    /// <summary>The words of <see cref="HeaderFlags"/>.</summary>
    [JsonIgnore]
    public string[] Flags => HeaderFlags?.Split(' ') ?? [];

    /// <summary>Number of layers.</summary>
    public int? Layers { get; init; }

    /// <summary>Number of attention heads in each layer; null where the header gives each layer its own.</summary>
    public int? Heads { get; init; }

    /// <summary>Tokens that the model was trained to see at once.</summary>
    public int? ContextLength { get; init; }

    /// <summary>The column of the published table that this model is compared with; null for none.</summary>
    public string? PublishedColumn { get; init; }

    /// <summary>What people call the file: <see cref="OwnLabel"/>, else <see cref="Quantization"/>.</summary>
    public string? Label => OwnLabel ?? Quantization;

    /// <summary>Model and label, as people call the file among others: <c>gemma2-2b Q4_K_M</c>.</summary>
    public string Name => $"{Model} {Label}".TrimEnd();

    /// <summary>The first 12 hex digits of <see cref="Sha256"/>, the file's name in rows; null where it was not computed.</summary>
    public string? FileId => Sha256?[..12];
}

/// <summary>What BOS means for a file. Rows of different kinds are never pooled.</summary>
public enum BosKind
{
    /// <summary>Declared, and the tokenizer adds it (Gemma, Llama).</summary>
    Native,

    /// <summary>Declared, but the tokenizer does not add it (Qwen3, gpt-oss, whose "BOS" is the document separator).</summary>
    Declared,

    /// <summary>Not declared: there is no BOS, and the arm <c>with</c> has nothing to put in front.</summary>
    None,
}
