using EchoRate.Gguf;

namespace EchoRate.Core.Models;

/// <content>What the header alone says.</content>
public sealed partial record ModelFacts
{
    /// <summary>The facts of a file, damaged or sound, by its header; the hash of its content is added when the file is started.</summary>
    public static ModelFacts From(GgufFile file)
    {
        var metadata = file.Metadata;
        var tokenizer = GgufTokenizer.Of(metadata);
        var embedding = file.Tensor(GgufKeys.TokenEmbedding)?.Type;
        var output = file.Tensor(GgufKeys.Output)?.Type;
        var parameters = file.ParameterCount;
        var quantization = QuantizationNames.Of(file);
        var bos = metadata.TokenId(GgufKeys.Bos);
        return new ModelFacts
        {
            Model = QuantizationNames.ModelName(file.Path),
            Path = file.Path,
            Constructed = metadata.Bool("echorate.constructed") ?? false,
            Architecture = metadata.Text(GgufKeys.Architecture) ?? "",
            Quantization = quantization,
            OwnLabel = QuantizationNames.OwnLabel(file.Path, quantization),
            // A tensor's own type, Q4_K: the names of whole files' quantizations (Q4_K_M) are others.
            TokenEmbeddingType = embedding?.ToString(),
            OutputType = (output ?? embedding)?.ToString(),
            TiedEmbeddings = output is null && embedding is not null,
            TensorTypes = string.Join(
                ' ',
                file.TensorTypes.Select(type => $"{type.Key}:{type.Value}")
            ),
            Imatrix = metadata.Entries.Any(entry =>
                entry.Key.StartsWith(GgufKeys.IMatrixPrefix, StringComparison.Ordinal)
            ),
            Parameters = parameters,
            BitsPerWeight = parameters == 0 ? null : file.TensorBytes * 8.0 / parameters,
            FileBytes = file.FileBytes,
            Tokenizer = NameOf(tokenizer.Kind) ?? metadata.Text(GgufKeys.Tokenizer) ?? "",
            PreTokenizer = metadata.Text(GgufKeys.PreTokenizer),
            VocabularySize = metadata.Texts(GgufKeys.Tokens)?.Count ?? 0,
            VocabularyHash = metadata[GgufKeys.Tokens] is { Texts: not null } tokens
                ? TokenizerHash.Of(tokens)
                : null,
            TokenizerSettings = InputDifferences.Settings(metadata),
            BosToken = bos,
            DeclaredBosToken = metadata.WholeNumber(GgufKeys.Bos),
            EosToken = metadata.TokenId(GgufKeys.Eos),
            BosKind =
                bos is null ? Models.BosKind.None
                : tokenizer.AddsBos ? Models.BosKind.Native
                : Models.BosKind.Declared,
            AddSpacePrefix = tokenizer.AddsSpacePrefix && !tokenizer.LacksSpacePrefixKey,
            SpacePrefixForced = tokenizer.LacksSpacePrefixKey,
            HeaderFlags = file.Problems.Select(FlagOf).OfType<string>().Distinct().ToList()
                is { Count: > 0 } flags
                ? string.Join(' ', flags)
                : null,
            Layers = file.Count(GgufKeys.BlockCount),
            Heads = file.Count(GgufKeys.HeadCount),
            ContextLength = file.Count(GgufKeys.ContextLength),
        };
    }

    private static string? NameOf(GgufTokenizerKind kind) =>
        kind switch
        {
            GgufTokenizerKind.SentencePiece => "SPM",
            GgufTokenizerKind.BytePair => "BPE",
            GgufTokenizerKind.WordPiece => "WPM",
            GgufTokenizerKind.Unigram => "UGM",
            _ => null,
        };

    /// <summary>The flag that a problem of a header becomes; null for one that touches no measurement, or that no file is measured with.</summary>
    public static string? FlagOf(GgufProblem problem) =>
        problem.Code switch
        {
            GgufProblemCode.NoSpacePrefixKey => RowFlags.SpacePrefixForced,
            GgufProblemCode.NoPreTokenizer => RowFlags.NoPreTokenizer,
            GgufProblemCode.ScoreCount => RowFlags.ScoreCount,
            GgufProblemCode.TokenTypeCount => RowFlags.TokenTypeCount,
            GgufProblemCode.BosOutOfRange => RowFlags.BosOutOfRange,
            GgufProblemCode.EosOutOfRange => RowFlags.EosOutOfRange,
            _ => null,
        };
}
