using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

// llama.h, "Decoding".
internal static unsafe partial class LlamaApi
{
    [LibraryImport(LibraryNames.Llama)]
    internal static partial int llama_decode(ContextHandle ctx, llama_batch batch);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial float* llama_get_logits_ith(ContextHandle ctx, int i);
}
