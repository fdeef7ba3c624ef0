namespace EchoRate.Core.Engine;

/// <summary>How wide the batches of a context are: what of its memory does not depend on the weights.</summary>
/// <param name="Sequences">Rows in a batch at most; each gives logits for the whole vocabulary.</param>
/// <param name="BatchSize">Tokens in a batch at most.</param>
/// <param name="CacheSize">Tokens in the KV cache at most.</param>
public sealed record BatchShape(int Sequences, int BatchSize, int CacheSize)
{
    // llama.cpp rounds a context up to whole steps of 256 cells (llama_context: GGML_PAD(n_ctx, 256)).
    private const int CellStep = 256;

    /// <summary>Tokens of the graph that llama.cpp reserves memory for: a multiple of its sequences, of which one is for padding.</summary>
    public long ReservedTokens => ((long)BatchSize + Sequences) / (Sequences + 1) * (Sequences + 1);

    /// <summary>Cells that the cache really has.</summary>
    public long Cells =>
        ((long)Math.Max(CacheSize, BatchSize) + CellStep - 1) / CellStep * CellStep;
}
