using System.Collections.Immutable;

namespace EchoRate.Gguf;

/// <content>How the facts are found.</content>
public sealed partial record GgufModelFacts
{
    /// <summary>Gathers the facts from a header; works for files with errors too, as far as they say anything.</summary>
    public static GgufModelFacts From(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var metadata = file.Metadata;
        var architecture = metadata.Text(GgufKeys.Architecture) ?? "";
        var model = metadata.Text(GgufKeys.Tokenizer);
        var pre = metadata.Text(GgufKeys.PreTokenizer);
        var rules =
            TokenizerRules.Of(model, pre) ?? new(GgufTokenizerKind.Unknown, false, false, false);
        var embedding = file.Tensor(GgufKeys.TokenEmbedding)?.Type;
        var output = file.Tensor(GgufKeys.Output)?.Type;
        var addBos = metadata.Bool(GgufKeys.AddBos);
        var addSpacePrefix = metadata.Bool(GgufKeys.AddSpacePrefix);
        var facts = new GgufModelFacts
        {
            Architecture = architecture,
            Name = metadata.Text(GgufKeys.Name),
            ModelName = QuantizationNames.ModelName(file.Path),
            Quantization = QuantizationOf(file),
            TokenEmbdType = embedding,
            OutputType = output ?? embedding,
            TiedEmbeddings = output is null && embedding is not null,
            TensorTypes = file.Tensors.CountBy(t => t.Type).ToImmutableSortedDictionary(),
            ParameterCount = Sum(file.Tensors, t => t.ElementCount),
            TensorBytes = Sum(file.Tensors, t => t.ByteCount),
            FileBytes = file.FileBytes,
            PartCount = file.Parts.Length,
            LayerCount = Count(metadata, architecture, GgufKeys.BlockCount),
            ContextLength = Count(metadata, architecture, GgufKeys.ContextLength),
            EmbeddingLength = Count(metadata, architecture, GgufKeys.EmbeddingLength),
            ExpertCount = Count(metadata, architecture, GgufKeys.ExpertCount) ?? 0,
            HasIMatrix = metadata.Entries.Any(e =>
                e.Key.StartsWith(GgufKeys.IMatrixPrefix, StringComparison.Ordinal)
            ),
            HasChatTemplate = metadata.Text(GgufKeys.ChatTemplate) is not null,
            ChatTemplateWritesBos = false,
            Tokenizer = model ?? "",
            TokenizerKind = rules.Kind,
            PreTokenizer = pre,
            VocabSize = metadata.Texts(GgufKeys.Tokens)?.Count ?? 0,
            DeclaredBosId = metadata.WholeNumber(GgufKeys.Bos),
            DeclaredEosId = metadata.WholeNumber(GgufKeys.Eos),
            AddBos = addBos,
            AddBosDefault = rules.AddBos,
            AddBosEffective = rules.ForcedAddBos ?? addBos ?? rules.AddBos,
            AddEos = metadata.Bool(GgufKeys.AddEos),
            AddEosDefault = rules.AddEos,
            AddSpacePrefix = addSpacePrefix,
            AddSpacePrefixDefault = rules.AddSpacePrefix,
            NeedsSpacePrefixOff =
                rules.AddSpacePrefix
                && addSpacePrefix is null
                && VocabularyChecks.IsGemma(metadata),
        };
        return facts with { ChatTemplateWritesBos = WritesBos(metadata, facts.BosId) };
    }

    private static string? QuantizationOf(GgufFile file)
    {
        var fromHeader = file.Metadata.WholeNumber(GgufKeys.FileType) is { } type
            ? QuantizationNames.OfFileType(type)
            : null;
        var matrices = file.Tensors.Where(t => t.Dimensions.Length == 2);
        return fromHeader
            ?? QuantizationNames.OfFileName(file.Path)
            ?? matrices
                .CountBy(t => t.Type)
                .OrderByDescending(n => n.Value)
                .ThenBy(n => n.Key)
                .Select(n => QuantizationNames.OfTensorType(n.Key))
                .FirstOrDefault();
    }

    private static bool WritesBos(GgufMetadata metadata, int? bosId)
    {
        var template = metadata.Text(GgufKeys.ChatTemplate);
        if (template is null || bosId is null)
        {
            return false;
        }
        var piece = metadata.Texts(GgufKeys.Tokens)!.Text(bosId.Value);
        return template.Contains("bos_token", StringComparison.Ordinal)
            || (piece.Length > 0 && template.Contains(piece, StringComparison.Ordinal));
    }

    private static int? Count(GgufMetadata metadata, string architecture, string key) =>
        metadata.WholeNumber($"{architecture}.{key}") is { } value and >= 0 and <= int.MaxValue
            ? (int)value
            : null;

    // A damaged file may claim more than fits; it has errors then, and the sum only has to be no crash.
    private static long Sum(
        ImmutableArray<GgufTensorInfo> tensors,
        Func<GgufTensorInfo, long> of
    ) =>
        (long)
            UInt128.Min(
                tensors.Aggregate(UInt128.Zero, (sum, t) => sum + (ulong)of(t)),
                long.MaxValue
            );
}
