using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

/// <summary>
/// <c>struct llama_model_tensor_buft_override</c> of llama.h, v0.4.0 and v0.5.0: 16 bytes; an array of them ends with a null pattern.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct llama_model_tensor_buft_override
{
    public byte* pattern;
    public void* buft;
}
