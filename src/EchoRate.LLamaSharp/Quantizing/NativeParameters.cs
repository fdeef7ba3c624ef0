using System.Text.RegularExpressions;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Interop;
using EchoRate.LLamaSharp.Loading;
using LLama.Native;

namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>A request as llama.cpp takes it. What the struct points to stays in its place until this is disposed.</summary>
internal sealed unsafe class NativeParameters : IDisposable
{
    private readonly Pinned _pinned = new();

    internal NativeParameters(
        QuantizeRequest request,
        IReadOnlyList<TensorFallback> unfit,
        bool dryRun
    )
    {
        // LLamaSharp's own LLamaQuantizer leaves the output tensor as it is, unlike llama.cpp.
        Value = LLamaModelQuantizeParams.Default();
        Value.quantize_output_tensor = true;
        Value.ftype = QuantizationTypes.FileType(request.Type);
        if (request.TokenEmbeddingType is { } embedding)
        {
            Value.token_embedding_type = QuantizationTypes.TensorType(embedding);
        }
        if (request.OutputType is { } output)
        {
            Value.output_tensor_type = QuantizationTypes.TensorType(output);
        }
        Value.nthread = request.Threads == 0 ? PhysicalCores.Count : request.Threads;
        Value.allow_requantize = request.AllowRequantize;
        Value.pure = request.Pure;
        Value.dry_run = dryRun;
        var numbers = NumbersOf(request.ImportanceMatrix);
        Value.kv_overrides = (nint)
            _pinned.Of(MetadataOverrides.OfQuantizing(request.Texts, numbers));
        if (unfit.Count > 0)
        {
            Value.tensor_types = (nint)_pinned.Of(Types(unfit));
        }
        if (request.ImportanceMatrix is { } matrix)
        {
            Value.imatrix = (nint)_pinned.Of(Entries(matrix));
        }
    }

    /// <summary>The struct; valid until this is disposed.</summary>
    internal LLamaModelQuantizeParams Value;

    public void Dispose() => _pinned.Dispose();

    // As llama-quantize writes them into the new file.
    private static Dictionary<string, uint> NumbersOf(ImportanceMatrix? matrix)
    {
        var numbers = new Dictionary<string, uint>();
        if (matrix is not null)
        {
            numbers.Add("quantize.imatrix.entries_count", (uint)matrix.Entries.Count);
            if (matrix.ChunkCount > 0)
            {
                numbers.Add("quantize.imatrix.chunks_count", (uint)matrix.ChunkCount);
            }
        }
        return numbers;
    }

    // Patterns are regular expressions; the last entry, null, ends them.
    private llama_model_tensor_override[] Types(IReadOnlyList<TensorFallback> unfit) =>
        [
            .. unfit.Select(fallback => new llama_model_tensor_override
            {
                pattern = _pinned.Text($"^{Regex.Escape(fallback.Name)}$"),
                type = QuantizationTypes.TensorType(fallback.Taken),
            }),
            default,
        ];

    private llama_model_imatrix_data[] Entries(ImportanceMatrix matrix) =>
        [
            .. matrix.Entries.Select(entry => new llama_model_imatrix_data
            {
                name = _pinned.Text(entry.Key),
                data = (float*)_pinned.Of(entry.Value),
                size = (nuint)entry.Value.Length,
            }),
            default,
        ];

    // Of llama.h.
    private struct llama_model_tensor_override
    {
        public byte* pattern;
        public GGMLType type;
    }

    private struct llama_model_imatrix_data
    {
        public byte* name;
        public float* data;
        public nuint size;
    }
}
