using System.Globalization;
using System.Security.Cryptography;
using EchoRate.Core.Models;
using EchoRate.Gguf;

namespace EchoRate.Runs.Files;

/// <summary>Turns what a GGUF header says into the facts that probes and CSV columns need.</summary>
public static class HeaderFacts
{
    /// <summary>The facts of a file, by its header alone; the hash of its content is added when the file is started.</summary>
    public static ModelFacts From(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var facts = GgufModelFacts.From(file);
        return new ModelFacts
        {
            Model = facts.ModelName,
            Path = file.Path,
            Constructed = file.Metadata.Bool("echorate.constructed") ?? false,
            Architecture = facts.Architecture,
            Quantization = facts.Quantization,
            TokenEmbeddingType = Name(facts.TokenEmbdType),
            OutputType = Name(facts.OutputType),
            TiedEmbeddings = facts.TiedEmbeddings,
            TensorTypes = string.Join(
                ' ',
                facts.TensorTypes.Select(type =>
                    $"{Name(type.Key)}:{type.Value.ToString(CultureInfo.InvariantCulture)}"
                )
            ),
            Imatrix = facts.HasIMatrix,
            Parameters = facts.ParameterCount,
            BitsPerWeight = facts.BitsPerWeight,
            FileBytes = facts.FileBytes,
            Tokenizer = TokenizerName(facts),
            PreTokenizer = facts.PreTokenizer,
            VocabularySize = facts.VocabSize,
            VocabularyHash = VocabularyHash(file),
            BosToken = facts.BosId,
            DeclaredBosToken = facts.DeclaredBosId,
            EosToken = facts.EosId,
            BosKind = facts.BosKind switch
            {
                GgufBosKind.Native => BosKind.Native,
                GgufBosKind.Declared => BosKind.Declared,
                _ => BosKind.None,
            },
            AddSpacePrefix = facts.AddSpacePrefixEffective && !facts.NeedsSpacePrefixOff,
            SpacePrefixForced = facts.NeedsSpacePrefixOff,
            Layers = facts.LayerCount,
        };
    }

    /// <summary>The metadata to override so that the file is loaded as its facts say: a Gemma file's missing <c>add_space_prefix</c>.</summary>
    public static IReadOnlyDictionary<string, bool> Overrides(ModelFacts facts) =>
        facts.SpacePrefixForced
            ? new Dictionary<string, bool> { ["tokenizer.ggml.add_space_prefix"] = false }
            : new Dictionary<string, bool>();

    // A tensor's own type, Q4_K: the names of whole files' quantizations (Q4_K_M) are others.
    private static string? Name(GgufTensorType? type) => type?.ToString();

    private static string TokenizerName(GgufModelFacts facts) =>
        facts.TokenizerKind switch
        {
            GgufTokenizerKind.SentencePiece => "SPM",
            GgufTokenizerKind.BytePair => "BPE",
            GgufTokenizerKind.WordPiece => "WPM",
            GgufTokenizerKind.Unigram => "UGM",
            _ => facts.Tokenizer,
        };

    // Length before bytes, so that no two lists of tokens give the same stream.
    private static string? VocabularyHash(GgufFile file)
    {
        if (file.Metadata.Texts("tokenizer.ggml.tokens") is not { } tokens)
        {
            return null;
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        for (var id = 0; id < tokens.Count; id++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(
                length,
                tokens[id].Length
            );
            hash.AppendData(length);
            hash.AppendData(tokens[id]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
