using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

/// <summary><c>struct llama_model_quantize_params</c> of llama.h, v0.4.0 and v0.5.0: 64 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct llama_model_quantize_params
{
    public int nthread;
    public llama_ftype ftype;
    public ggml_type output_tensor_type;
    public ggml_type token_embedding_type;
    public bool allow_requantize;
    public bool quantize_output_tensor;
    public bool only_copy;
    public bool pure;
    public bool keep_split;
    public bool dry_run;
    public void* imatrix;
    public llama_model_kv_override* kv_overrides;
    public void* tt_overrides;
    public int* prune_layers;
    public nuint max_buf_size;
}
