using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

// llama.h, "Memory": the KV cache of a context. A null memory means that the model keeps none (encoders, diffusion models).
internal static unsafe partial class LlamaApi
{
    [LibraryImport(LibraryNames.Llama)]
    internal static partial nint llama_get_memory(ContextHandle ctx);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial void llama_memory_clear(
        nint mem,
        [MarshalAs(UnmanagedType.U1)] bool data
    );

    [LibraryImport(LibraryNames.Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool llama_memory_seq_rm(nint mem, int seq_id, int p0, int p1);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial void llama_memory_seq_cp(
        nint mem,
        int seq_id_src,
        int seq_id_dst,
        int p0,
        int p1
    );
}
