using System.Runtime.InteropServices;
using EchoRate.Llama.Interop;
using EchoRate.Llama.Loading;

namespace EchoRate.Llama.Quantizing;

/// <summary>A request as llama.cpp takes it. What the struct points to stays in its place until this is disposed.</summary>
internal sealed unsafe class NativeParameters : IDisposable
{
    private readonly List<GCHandle> _pinned = [];
    private readonly List<nint> _names = [];

    internal NativeParameters(QuantizeRequest request, bool dryRun)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(request.Threads);
        Value = LlamaApi.llama_model_quantize_default_params();
        Value.ftype = QuantizationNames.Type(request.Type);
        Value.token_embedding_type = QuantizationNames.TensorType(request.TokenEmbeddingType);
        Value.output_tensor_type = QuantizationNames.TensorType(request.OutputType);
        Value.nthread = request.Threads == 0 ? PhysicalCores.Count : request.Threads;
        Value.allow_requantize = request.AllowRequantize;
        Value.pure = request.Pure;
        Value.dry_run = dryRun;
        Value.kv_overrides = (llama_model_kv_override*)Pin(
            MetadataOverrides.ToNative(request.Texts, request.Numbers)
        );
        if (request.ImportanceMatrix is { } matrix)
        {
            Value.imatrix = Pin(Entries(matrix));
        }
    }

    /// <summary>The struct; valid until this is disposed.</summary>
    internal llama_model_quantize_params Value;

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
}
