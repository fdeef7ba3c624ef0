using System.Text.Json.Serialization;

namespace EchoRate.Core.Engine;

/// <summary>How a model file is loaded. Measurements want F32 keys and values and no flash attention; no option changes that.</summary>
public sealed record LoadOptions
{
    /// <summary>Tokens in one batch where nobody says otherwise; llama.cpp's own default of a physical batch.</summary>
    public const int DefaultBatchSize = 512;

    /// <summary>
    /// Most of <see cref="Sequences"/> that a measurement takes: llama.cpp has 256, of which one is for padding, and batches are multiples of 16.
    /// </summary>
    public const int MostSequences = 240;

    /// <summary>Most sequences that live at once, 1 to 255, and most tokens of a batch that want logits.</summary>
    public int Sequences { get; init; } = 1;

    /// <summary>Most tokens in one batch; raised to <see cref="Sequences"/> where it is lower.</summary>
    public int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>
    /// Most tokens in the KV cache, all sequences together; one sequence may take them all. A prefix that sequences share counts once.
    /// </summary>
    public int CacheSize { get; init; } = DefaultBatchSize;

    /// <summary>
    /// Contexts on the same weights, 1 or 2: a second one decodes a batch while the logits of the last are read. It takes cache, compute
    /// buffer and logits once more; where there is no memory for them, the engine goes on with one.
    /// </summary>
    public int Contexts { get; init; } = 1;

    /// <summary>
    /// Whether products of weights are computed exactly, in F32, on the CPU: what the weights say. Else they are computed as the library does on
    /// that device, which rounds activations where weights are quantized.
    /// </summary>
    public bool IsExact { get; init; }

    /// <summary>What the session shows of its inside, in one context. It changes no logit.</summary>
    public Insight Shows { get; init; }

    /// <summary>Threads of the engine; 0 stands for the physical cores of the machine.</summary>
    public int Threads { get; init; }

    /// <summary>Layers on the GPU; 0 keeps all on the CPU, -1 offloads all.</summary>
    public int GpuLayers { get; init; }

    /// <summary>The devices that layers may go to, by the engine's names (<c>CUDA0</c>); null for every GPU.</summary>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>Of the GPUs used, the one that takes what is not divided among them, 0-based; null leaves it to the engine.</summary>
    public int? MainGpu { get; init; }

    /// <summary>Which part of the layers each GPU takes, in their order, in any unit; null divides by free memory.</summary>
    public IReadOnlyList<float>? TensorSplit { get; init; }

    /// <summary>Layers, from the first on, whose experts stay on the CPU while the rest of the layer is offloaded; 0 for none.</summary>
    public int CpuExpertLayers { get; init; }

    /// <summary>Whether <c>tokenizer.ggml.add_space_prefix</c> is overridden with false: where a Gemma file lacks it.</summary>
    public bool WithoutSpacePrefix { get; init; }

    /// <summary>Called before each batch, maybe from another thread; null for nobody.</summary>
    [JsonIgnore]
    public Action? BeforeDecode { get; init; }

    /// <summary>Receives what the library logs, line by line; null drops it. Never the console.</summary>
    [JsonIgnore]
    public Action<string>? Log { get; init; }
}

/// <summary>What a session shows of its inside.</summary>
public enum Insight
{
    /// <summary>Its logits alone.</summary>
    Nothing,

    /// <summary>Residuals and attention sinks (<see cref="IModelSession.Residuals"/>, <see cref="IModelSession.Sinks"/>) of all that it decodes.</summary>
    Layers,

    /// <summary>
    /// Its attention and the sinks (<see cref="IModelSession.Sinks"/>) of what is decoded by <see cref="IModelSession.DecodeWatched"/>; what else is decoded nobody sees.
    /// </summary>
    Attention,
}
