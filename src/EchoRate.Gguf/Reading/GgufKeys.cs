namespace EchoRate.Gguf;

/// <summary>The keys that checks and facts ask for, as llama.cpp spells them (llama-arch.cpp).</summary>
internal static class GgufKeys
{
    internal const string Kind = "general.type";
    internal const string Architecture = "general.architecture";
    internal const string Name = "general.name";
    internal const string FileType = "general.file_type";
    internal const string Tokenizer = "tokenizer.ggml.model";
    internal const string PreTokenizer = "tokenizer.ggml.pre";
    internal const string Tokens = "tokenizer.ggml.tokens";
    internal const string Scores = "tokenizer.ggml.scores";
    internal const string TokenTypes = "tokenizer.ggml.token_type";
    internal const string Merges = "tokenizer.ggml.merges";
    internal const string Bos = "tokenizer.ggml.bos_token_id";
    internal const string Eos = "tokenizer.ggml.eos_token_id";
    internal const string AddBos = "tokenizer.ggml.add_bos_token";
    internal const string AddEos = "tokenizer.ggml.add_eos_token";
    internal const string AddSpacePrefix = "tokenizer.ggml.add_space_prefix";
    internal const string ChatTemplate = "tokenizer.chat_template";
    internal const string IMatrixPrefix = "quantize.imatrix.";

    internal const string TokenEmbedding = "token_embd.weight";
    internal const string Output = "output.weight";

    // These stand behind the architecture's name: gemma3.block_count.
    internal const string BlockCount = "block_count";
    internal const string ContextLength = "context_length";
    internal const string EmbeddingLength = "embedding_length";
    internal const string ExpertCount = "expert_count";
    internal const string ExpertUsedCount = "expert_used_count";
}
