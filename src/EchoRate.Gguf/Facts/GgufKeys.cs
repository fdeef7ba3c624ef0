namespace EchoRate.Gguf;

/// <summary>The keys and tensors that are asked for, as llama.cpp spells them (llama-arch.cpp).</summary>
public static class GgufKeys
{
    public const string Kind = "general.type";
    public const string Architecture = "general.architecture";
    public const string Name = "general.name";
    public const string FileType = "general.file_type";
    public const string Tokenizer = "tokenizer.ggml.model";
    public const string PreTokenizer = "tokenizer.ggml.pre";
    public const string Tokens = "tokenizer.ggml.tokens";
    public const string Scores = "tokenizer.ggml.scores";
    public const string TokenTypes = "tokenizer.ggml.token_type";
    public const string Merges = "tokenizer.ggml.merges";
    public const string Bos = "tokenizer.ggml.bos_token_id";
    public const string Eos = "tokenizer.ggml.eos_token_id";
    public const string AddBos = "tokenizer.ggml.add_bos_token";
    public const string AddEos = "tokenizer.ggml.add_eos_token";
    public const string AddSpacePrefix = "tokenizer.ggml.add_space_prefix";
    public const string ChatTemplate = "tokenizer.chat_template";
    public const string IMatrixPrefix = "quantize.imatrix.";

    public const string TokenEmbedding = "token_embd.weight";
    public const string Output = "output.weight";

    // These stand behind the architecture's name: gemma3.block_count.
    public const string BlockCount = "block_count";
    public const string ContextLength = "context_length";
    public const string EmbeddingLength = "embedding_length";
    public const string ExpertCount = "expert_count";
    public const string ExpertUsedCount = "expert_used_count";
    public const string HeadCount = "attention.head_count";
    public const string Causal = "attention.causal";
    public const string Pooling = "pooling_type";
}
