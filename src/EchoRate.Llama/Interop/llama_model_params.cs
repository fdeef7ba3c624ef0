using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

/// <summary><c>struct llama_model_params</c> of llama.h, v0.4.0 and v0.5.0: 80 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct llama_model_params
{
    public void** devices;
    public llama_model_tensor_buft_override* tensor_buft_overrides;
    public int n_gpu_layers;
    public llama_split_mode split_mode;
    public llama_load_mode load_mode;
    public int lazy_mode;
    public int main_gpu;
    public float* tensor_split;
    public void* progress_callback;
    public void* progress_callback_user_data;
    public llama_model_kv_override* kv_overrides;
    public bool vocab_only;
    public bool check_tensors;
    public bool use_extra_bufts;
    public bool no_host;
    public bool no_alloc;
    public bool load_mtp;
}
