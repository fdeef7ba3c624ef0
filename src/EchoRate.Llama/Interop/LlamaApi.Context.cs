using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

// llama.h, contexts.
internal static unsafe partial class LlamaApi
{
    [LibraryImport(LibraryNames.Llama)]
    internal static partial llama_context_params llama_context_default_params();

    [LibraryImport(LibraryNames.Llama)]
    internal static partial ContextHandle llama_init_from_model(
        ModelHandle model,
        llama_context_params @params
    );

    [LibraryImport(LibraryNames.Llama)]
    internal static partial void llama_free(nint ctx);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial uint llama_n_ctx(ContextHandle ctx);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial uint llama_n_batch(ContextHandle ctx);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial uint llama_n_ubatch(ContextHandle ctx);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial uint llama_n_seq_max(ContextHandle ctx);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial int llama_n_threads_batch(ContextHandle ctx);
}
