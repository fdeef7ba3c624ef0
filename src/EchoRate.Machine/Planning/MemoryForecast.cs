using EchoRate.Core.Engine;

namespace EchoRate.Machine.Planning;

/// <summary>
/// What llama.cpp will take, computed as it lays a model out (llama-model.cpp, load_tensors; v0.4.0 and v0.5.0): GPUs get the last layers,
/// the output layer as one, each GPU a run of them; the token embedding stays on the host. Keys and values are F32 and follow their layer.
/// Compute buffers were compared with what llama.cpp reserves for the shapes of gemma, gemma2, gemma3, qwen3 and gpt-oss: the formula is 0 to
/// 18 % above, with weights copied from the host up to 45 %. Each context on the weights has cache, compute buffers and logits of its own.
/// </summary>
internal sealed class MemoryForecast(ModelShape model, BatchShape batch, int contexts)
{
    // From here on llama.cpp copies weights of the host to a GPU to multiply there (GGML_OP_OFFLOAD_MIN_BATCH).
    private const int OffloadedBatch = 32;

    // With several GPUs llama.cpp keeps the inputs of four batches under way.
    private const int PipelineCopies = 4;

    /// <summary>Bytes on a GPU that takes a run of layers, with what the driver takes.</summary>
    public long Device(int start, int count, Offload whole, long overhead)
    {
        if (count == 0)
        {
            return 0;
        }
        var end = start + count;
        var isFirst = start == model.Layers - whole.GpuLayers;
        return overhead
            + Weights(start, end, whole.CpuExperts)
            + contexts
                * (
                    Computing(holdsOutput: end == model.Layers)
                    + (isFirst ? Copied(whole) : 0)
                    + (whole.IsDivided ? PipelineCopies * Inputs : 0)
                );
    }

    /// <summary>Bytes of main memory.</summary>
    public long Host(Offload whole)
    {
        var (gpuLayers, cpuExperts, _) = whole;
        var blocks = Math.Min(model.Layers - gpuLayers, model.Blocks.Count);
        var weights = model.InputBytes;
        for (var i = 0; i < model.Blocks.Count; i++)
        {
            var block = model.Blocks[i];
            weights +=
                i < blocks ? block.Bytes + Cache(block)
                : i < cpuExperts ? block.ExpertBytes
                : 0;
        }
        var computing =
            gpuLayers == 0 ? Computing(holdsOutput: true)
            : blocks > 0 || cpuExperts > 0 ? Computing(holdsOutput: false)
            : Inputs;
        return weights
            + (gpuLayers == 0 ? model.OutputBytes - model.TiedBytes : 0)
            + contexts * (Logits + computing);
    }

    // The output layer stands behind the last block.
    private long Weights(int start, int end, int cpuExperts)
    {
        var bytes = end == model.Layers ? model.OutputBytes : 0;
        for (var i = start; i < Math.Min(end, model.Blocks.Count); i++)
        {
            var block = model.Blocks[i];
            bytes += block.DenseBytes + (i < cpuExperts ? 0 : block.ExpertBytes) + Cache(block);
        }
        return bytes;
    }

    // One buffer for what lives at once: the attention or the feed-forward part of a block, or the logits, whichever is largest.
    private long Computing(bool holdsOutput)
    {
        const long slack = 2L << 20;
        var tokens = batch.ReservedTokens;
        var feedForward = (3 * model.FeedForwardWidth) + (6 * model.Width);
        var attention =
            (model.Heads * batch.Cells)
            + (4 * model.Heads * model.HeadWidth)
            + (3 * model.Width)
            + batch.Cells;
        var block = sizeof(float) * tokens * Math.Max(feedForward, attention);
        var output = Logits + (sizeof(float) * batch.Sequences * 2 * model.Width);
        return slack + (holdsOutput ? Math.Max(block, output) : block);
    }

    private long Cache(LayerShape block) => contexts * block.CacheBytesPerToken * batch.Cells;

    private long Logits => sizeof(float) * (long)batch.Sequences * model.VocabularySize;

    private long Inputs => sizeof(float) * batch.ReservedTokens * (model.Width + batch.Cells);

    // Weights of the host that the first GPU multiplies with, one tensor at a time.
    private long Copied(Offload whole)
    {
        if (batch.BatchSize < OffloadedBatch)
        {
            return 0;
        }
        var largest = 0L;
        for (var i = 0; i < model.Blocks.Count; i++)
        {
            var block = model.Blocks[i];
            var isOnHost = i < model.Layers - whole.GpuLayers;
            largest = Math.Max(
                largest,
                Math.Max(
                    isOnHost ? block.LargestDenseBytes : 0,
                    isOnHost || i < whole.CpuExperts ? block.LargestExpertBytes : 0
                )
            );
        }
        return largest;
    }
}

/// <summary>What leaves the host.</summary>
/// <param name="GpuLayers">Layers on GPUs, the last ones, the output layer counted as one.</param>
/// <param name="CpuExperts">Layers, from the first on, whose experts stay on the CPU.</param>
/// <param name="IsDivided">Whether several GPUs may share them.</param>
internal readonly record struct Offload(int GpuLayers, int CpuExperts, bool IsDivided);
