using System.Globalization;
using EchoRate.Core.Text;
using EchoRate.Gguf;

namespace EchoRate.Cli.Inspecting;

/// <summary>The sentences of <c>inspect</c> and <c>tokenize</c>.</summary>
internal static class Wording
{
    public const string BosKeyAbsent =
        "There is no key tokenizer.ggml.bos_token_id: the arm 'with' has no BOS to feed, whatever llama.cpp answers when asked.";

    public const string SpacePrefixForced =
        "add_space_prefix is forced to false: a Gemma file that lacks the key, which llama.cpp takes for true.";

    public const string VocabularyOnly =
        "The file holds a vocabulary and no tensors: it can be looked at, not run.";

    public const string SpacePrefixAdded =
        "This file's tokenizer puts a space in front of the text; an item that begins with a space is fed without its own.";

    public const string BosInText =
        "The text holds BOS itself: the file marks that token as user-defined, and llama.cpp reads such tokens in any text.";

    public const string NoTokens = "The text has no tokens: a run would not feed it.";

    /// <summary>The tokens say something else than the text did: a tokenizer that folds case, strips spaces, or lacks characters.</summary>
    public static string BytesDiffer(byte[] back) =>
        $"The text does not come back from its tokens: {PieceNotation.Format(back)}.";

    /// <summary>A finding of the header's reader, with what EchoRate makes of it where the reader cannot know.</summary>
    public static string Problem(GgufProblem problem) =>
        problem.Code switch
        {
            GgufProblemCode.NoTensors => VocabularyOnly,
            GgufProblemCode.NoSpacePrefixKey =>
                $"{problem.Message.TrimEnd('.')}; EchoRate forces it to false, or ' John' would become another token.",
            GgufProblemCode.BosOutOfRange =>
                $"{problem.Message.TrimEnd('.')}; the arm 'with' has no BOS to feed.",
            _ => problem.Message,
        };

    /// <summary>Why a file's BOS is of its kind.</summary>
    public static string BosReason(GgufModelFacts facts) =>
        facts.BosKind switch
        {
            GgufBosKind.Native => $"the tokenizer adds it, {WhoDecidesBos(facts)}",
            GgufBosKind.Declared =>
                $"declared, but the tokenizer does not add it, {WhoDecidesBos(facts)}",
            _ when facts.DeclaredBosId is { } id => string.Create(
                CultureInfo.InvariantCulture,
                $"tokenizer.ggml.bos_token_id is {id}, out of range: the vocabulary ends at {facts.VocabSize - 1}"
            ),
            _ => "the key tokenizer.ggml.bos_token_id is absent",
        };

    /// <summary>Who decides: the file, or the tokenizer where the file does not say.</summary>
    public static string WhoDecides(bool? declared, string key) =>
        declared switch
        {
            true => $"as the file says ({key} = true)",
            false => $"as the file says ({key} = false)",
            null => "by the tokenizer's default (the file does not say)",
        };

    public static string EmbeddingAboveLabel(
        GgufTensorType embedding,
        GgufTensorType promised,
        string label,
        bool tied
    ) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"token_embd is {embedding} ({embedding.BitsPerNumber():0.##} bits), more than the label {label} says ({promised}, {promised.BitsPerNumber():0.##}){(tied ? ", and it is the output head too" : "")}: quantization may show less in the echo than the label suggests."
        );

    // Only byte-pair tokenizers make it depend on the pre-tokenizer.
    private static string WhoDecidesBos(GgufModelFacts facts) =>
        facts.AddBos is { } said && said != facts.AddBosEffective
            ? $"although the file says add_bos_token = {(said ? "true" : "false")}: this tokenizer does not ask it"
        : facts
            is { AddBos: null, TokenizerKind: GgufTokenizerKind.BytePair, PreTokenizer: { } pre }
            ? $"by the default of pre-tokenizer {pre} (the file does not say)"
        : WhoDecides(facts.AddBos, "add_bos_token");
}
