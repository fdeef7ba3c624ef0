using EchoRate.Core.Text;
using EchoRate.Gguf;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Files;

namespace EchoRate.Cli.Inspecting;

/// <summary>
/// What a header tells a person before a run. Its members in snake_case are the fields of <c>inspect --json</c>, and bear the names of
/// files.csv where that has the column: docs/inspect-and-tokenize.md lists them, scripts hold on to them.
/// </summary>
internal sealed record Inspection
{
    /// <summary>The file, the first part of a split one.</summary>
    public required string Path { get; init; }

    /// <summary>The model: the file's name without its quantization.</summary>
    public required string Model { get; init; }

    /// <summary>What the model calls itself, <c>general.name</c>; null where it does not.</summary>
    public required string? Name { get; init; }

    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>Whether the weights were constructed, not trained.</summary>
    public required bool Constructed { get; init; }

    /// <summary>The quantization, by llama-quantize's name; null where nothing tells.</summary>
    public required string? Quant { get; init; }

    /// <summary>How many tensors there are of each type.</summary>
    public required IReadOnlyDictionary<string, int> TensorTypes { get; init; }

    /// <summary>The type of the token embedding; null in a vocabulary alone.</summary>
    public required string? TokenEmbdType { get; init; }

    /// <summary>The type of the output head; null in a vocabulary alone.</summary>
    public required string? OutputType { get; init; }

    /// <summary>Whether the token embedding is the output head too; null in a vocabulary alone.</summary>
    public required bool? TiedEmbeddings { get; init; }

    /// <summary>Whether an importance matrix guided the quantization.</summary>
    public required bool Imatrix { get; init; }

    /// <summary>Numbers in all tensors together.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bits that one number takes on average; null without tensors.</summary>
    public required double? BitsPerWeight { get; init; }

    /// <summary>Bytes on disk, all parts.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Files that make up the model.</summary>
    public required int Parts { get; init; }

    /// <summary>Layers.</summary>
    public required int? Layers { get; init; }

    /// <summary>Experts per layer; 0 in a dense model.</summary>
    public required int Experts { get; init; }

    /// <summary>The longest context of training, in tokens; null where the file does not say.</summary>
    public required int? ContextLength { get; init; }

    /// <summary>The kind of tokenizer: SPM, BPE, WPM, UGM.</summary>
    public required string Tokenizer { get; init; }

    /// <summary>The pre-tokenizer; null where the file names none.</summary>
    public required string? PreTokenizer { get; init; }

    /// <summary>Tokens in the vocabulary.</summary>
    public required int VocabSize { get; init; }

    /// <summary>BOS as a run takes it; null where the key is absent or out of range.</summary>
    public required int? BosId { get; init; }

    /// <summary>The text of BOS as it stands in the file, in piece form.</summary>
    public required string? BosPiece { get; init; }

    /// <summary><c>native</c>, <c>declared</c> or <c>none</c>.</summary>
    public required string BosKind { get; init; }

    /// <summary>Why it is that kind, in words.</summary>
    public required string BosReason { get; init; }

    /// <summary>The BOS id as the file declares it, in range or not.</summary>
    public required long? DeclaredBosId { get; init; }

    /// <summary><c>add_bos_token</c> as the file says; null where it does not.</summary>
    public required bool? DeclaredAddBos { get; init; }

    /// <summary>Whether llama.cpp's tokenizer would add BOS by itself.</summary>
    public required bool AddBos { get; init; }

    /// <summary>EOS; null where the key is absent or out of range.</summary>
    public required int? EosId { get; init; }

    /// <summary>The text of EOS as it stands in the file, in piece form.</summary>
    public required string? EosPiece { get; init; }

    /// <summary>The EOS id as the file declares it, in range or not.</summary>
    public required long? DeclaredEosId { get; init; }

    /// <summary><c>add_eos_token</c> as the file says; null where it does not.</summary>
    public required bool? DeclaredAddEos { get; init; }

    /// <summary>Whether llama.cpp's tokenizer would add EOS by itself.</summary>
    public required bool AddEos { get; init; }

    /// <summary><c>add_space_prefix</c> as the file says; null where it does not.</summary>
    public required bool? DeclaredAddSpacePrefix { get; init; }

    /// <summary>Whether a run's tokenizer puts a space in front of a text.</summary>
    public required bool AddSpacePrefix { get; init; }

    /// <summary>Whether a run forces <see cref="AddSpacePrefix"/> to false, against llama.cpp's default.</summary>
    public required bool SpacePrefixForced { get; init; }

    /// <summary>Whether the file carries a chat template.</summary>
    public required bool ChatTemplate { get; init; }

    /// <summary>Whether the chat template writes BOS itself; null without one.</summary>
    public required bool? ChatTemplateWritesBos { get; init; }

    /// <summary>What should be known before a run.</summary>
    public required IReadOnlyList<Remark> Warnings { get; init; }

    /// <summary>Looks at a header.</summary>
    public static Inspection Of(ModelHeader header)
    {
        var file = header.File;
        var columns = HeaderFacts.From(file);
        var facts = GgufModelFacts.From(file);
        return new Inspection
        {
            Path = file.Path,
            Model = facts.ModelName,
            Name = facts.Name,
            Architecture = facts.Architecture,
            Constructed = columns.Constructed,
            Quant = facts.Quantization,
            TensorTypes = facts.TensorTypes.ToDictionary(
                type => type.Key.ToString(),
                type => type.Value
            ),
            TokenEmbdType = columns.TokenEmbeddingType,
            OutputType = columns.OutputType,
            TiedEmbeddings = facts.TokenEmbdType is null ? null : facts.TiedEmbeddings,
            Imatrix = facts.HasIMatrix,
            Parameters = facts.ParameterCount,
            BitsPerWeight = facts.BitsPerWeight,
            FileBytes = facts.FileBytes,
            Parts = facts.PartCount,
            Layers = facts.LayerCount,
            Experts = facts.ExpertCount,
            ContextLength = facts.ContextLength,
            Tokenizer = columns.Tokenizer!,
            PreTokenizer = facts.PreTokenizer,
            VocabSize = facts.VocabSize,
            BosId = facts.BosId,
            BosPiece = Piece(file, facts.BosId),
            BosKind = EnumWords.Of(facts.BosKind),
            BosReason = Wording.BosReason(facts),
            DeclaredBosId = facts.DeclaredBosId,
            DeclaredAddBos = facts.AddBos,
            AddBos = facts.AddBosEffective,
            EosId = facts.EosId,
            EosPiece = Piece(file, facts.EosId),
            DeclaredEosId = facts.DeclaredEosId,
            DeclaredAddEos = facts.AddEos,
            AddEos = facts.AddEosEffective,
            DeclaredAddSpacePrefix = facts.AddSpacePrefix,
            AddSpacePrefix = columns.AddSpacePrefix!.Value,
            SpacePrefixForced = columns.SpacePrefixForced,
            ChatTemplate = facts.HasChatTemplate,
            ChatTemplateWritesBos = facts.HasChatTemplate ? facts.ChatTemplateWritesBos : null,
            Warnings = [.. InspectionWarnings.Of(facts, header.Problems)],
        };
    }

    // As the header has it: a special token's text is no byte-pair alphabet.
    private static string? Piece(GgufFile file, int? id) =>
        id is { } known
            ? PieceNotation.Format(file.Metadata.Texts("tokenizer.ggml.tokens")![known])
            : null;
}

/// <summary>Something that should be known.</summary>
/// <param name="Code">What it is, for scripts.</param>
/// <param name="Message">One sentence for people.</param>
internal sealed record Remark(string Code, string Message);
