using System.Runtime.InteropServices;
using EchoRate.LLamaSharp.Loading;
using LLama.Native;

namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>A request as llama.cpp takes it. What the struct points to stays in its place until this is disposed.</summary>
internal sealed unsafe class NativeParameters : IDisposable
{
    private readonly List<GCHandle> _pinned = [];
    private readonly List<nint> _names = [];

    internal NativeParameters(QuantizeRequest request, bool dryRun)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(request.Threads);
        // LLamaSharp's own LLamaQuantizer leaves the output tensor as it is, unlike llama.cpp.
        Value = LLamaModelQuantizeParams.Default();
        Value.quantize_output_tensor = true;
        Value.ftype = QuantizationNames.Type(request.Type);
        if (request.TokenEmbeddingType is { } embedding)
        {
            Value.token_embedding_type = QuantizationNames.TensorType(embedding);
        }
        if (request.OutputType is { } output)
        {
            Value.output_tensor_type = QuantizationNames.TensorType(output);
        }
        Value.nthread = request.Threads == 0 ? PhysicalCores.Count : request.Threads;
        Value.allow_requantize = request.AllowRequantize;
        Value.pure = request.Pure;
        Value.dry_run = dryRun;
        Value.kv_overrides = (nint)Pin(MetadataOverrides.ToNative(request.Texts, request.Numbers));
        if (request.ImportanceMatrix is { } matrix)
        {
            Value.imatrix = (nint)Pin(Entries(matrix));
        }
    }

    /// <summary>The struct; valid until this is disposed.</summary>
    internal LLamaModelQuantizeParams Value;

    public void Dispose()
    {
        _pinned.ForEach(handle => handle.Free());
        _pinned.Clear();
        _names.ForEach(Marshal.FreeCoTaskMem);
        _names.Clear();
    }

    private llama_model_imatrix_data[] Entries(IReadOnlyDictionary<string, float[]> matrix)
    {
        var entries = new llama_model_imatrix_data[matrix.Count + 1]; // the last one, null, ends it
        foreach (var (index, (name, values)) in matrix.Index())
        {
            var text = Marshal.StringToCoTaskMemUTF8(name);
            _names.Add(text);
            entries[index] = new()
            {
                name = (byte*)text,
                data = (float*)Pin(values),
                size = (nuint)values.Length,
            };
        }

        return entries;
    }

    private void* Pin(Array array)
    {
        var handle = GCHandle.Alloc(array, GCHandleType.Pinned);
        _pinned.Add(handle);
        return (void*)handle.AddrOfPinnedObject();
    }

    // struct llama_model_imatrix_data of llama.h.
    private struct llama_model_imatrix_data
    {
        public byte* name;
        public float* data;
        public nuint size;
    }
}
