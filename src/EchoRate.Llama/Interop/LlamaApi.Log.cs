using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

// llama.h "Set callback for all future logging events"; it sets ggml's logger as well.
internal static unsafe partial class LlamaApi
{
    [LibraryImport(LibraryNames.Llama)]
    internal static partial void llama_log_set(
        delegate* unmanaged[Cdecl]<ggml_log_level, byte*, void*, void> log_callback,
        void* user_data
    );
}
