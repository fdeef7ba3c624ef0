namespace EchoRate.DemoModels.Vocabulary;

/// <summary>What one family's BPE file says about its tokenizer beside pieces and merges.</summary>
/// <param name="PreTokenizer">`tokenizer.ggml.pre`: how a text is split before merging.</param>
/// <param name="Controls">The control tokens, in the order of their ids; they stand behind all other tokens.</param>
/// <param name="Bos">The control token that `bos_token_id` names.</param>
/// <param name="Eos">The control token that `eos_token_id` names.</param>
/// <param name="Padding">The control token that `padding_token_id` names; null leaves the key out.</param>
/// <param name="AddBos">`add_bos_token`; null leaves the key out, and the pre-tokenizer decides.</param>
internal sealed record BpeFlavour(
    string PreTokenizer,
    IReadOnlyList<string> Controls,
    string Bos,
    string Eos,
    string? Padding,
    bool? AddBos
)
{
    /// <summary>Qwen3 (base): the "BOS" is the document separator, and the file says not to add it.</summary>
    internal static BpeFlavour Qwen { get; } =
        new(
            "qwen2",
            ["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
            Bos: "<|endoftext|>",
            Eos: "<|endoftext|>",
            Padding: "<|endoftext|>",
            AddBos: false
        );

    /// <summary>gpt-oss: `&lt;|startoftext|&gt;` is declared; nothing is said about adding it, and `gpt-4o` does not.</summary>
    internal static BpeFlavour GptOss { get; } =
        new(
            "gpt-4o",
            [
                "<|startoftext|>",
                "<|endoftext|>",
                "<|return|>",
                "<|constrain|>",
                "<|channel|>",
                "<|start|>",
                "<|end|>",
                "<|message|>",
                "<|call|>",
                "<|endofprompt|>",
            ],
            Bos: "<|startoftext|>",
            Eos: "<|return|>",
            Padding: "<|endoftext|>",
            AddBos: null
        );

    /// <summary>Llama 3: BOS is declared; nothing is said about adding it, and `llama-bpe` does.</summary>
    internal static BpeFlavour Llama3 { get; } =
        new(
            "llama-bpe",
            [
                "<|begin_of_text|>",
                "<|end_of_text|>",
                "<|start_header_id|>",
                "<|end_header_id|>",
                "<|eom_id|>",
                "<|eot_id|>",
            ],
            Bos: "<|begin_of_text|>",
            Eos: "<|eot_id|>",
            Padding: null,
            AddBos: null
        );
}
