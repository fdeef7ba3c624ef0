using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

/// <summary><c>struct llama_model_imatrix_data</c> of llama.h, v0.4.0 and v0.5.0: 24 bytes; an array of them ends with a null name.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct llama_model_imatrix_data
{
    public byte* name;
    public float* data;
    public nuint size;
}
