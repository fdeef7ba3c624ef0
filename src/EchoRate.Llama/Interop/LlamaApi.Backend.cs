using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

// llama.h "Initialize the llama + ggml backend"; ggml-backend.h "Backend device" and "Backend registry".
// The registry lives in libggml, what describes one device in libggml-base.
internal static unsafe partial class LlamaApi
{
    [LibraryImport(LibraryNames.Llama)]
    internal static partial void llama_backend_init();

    [LibraryImport(LibraryNames.Llama)]
    internal static partial nuint llama_max_parallel_sequences();

    [LibraryImport(LibraryNames.Llama)]
    internal static partial nuint llama_max_devices();

    [LibraryImport(LibraryNames.GgmlBase)]
    internal static partial void* ggml_backend_cpu_buffer_type();

    [LibraryImport(LibraryNames.Ggml, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void ggml_backend_load_all_from_path(string dir_path);

    [LibraryImport(LibraryNames.Ggml)]
    internal static partial nuint ggml_backend_dev_count();

    [LibraryImport(LibraryNames.Ggml)]
    internal static partial nint ggml_backend_dev_get(nuint index);

    [LibraryImport(LibraryNames.GgmlBase)]
    internal static partial byte* ggml_backend_dev_name(nint device);

    [LibraryImport(LibraryNames.GgmlBase)]
    internal static partial byte* ggml_backend_dev_description(nint device);

    [LibraryImport(LibraryNames.GgmlBase)]
    internal static partial void ggml_backend_dev_memory(
        nint device,
        out nuint free,
        out nuint total
    );

    // In C the function and its type share one name.
    [LibraryImport(LibraryNames.GgmlBase, EntryPoint = "ggml_backend_dev_type")]
    internal static partial ggml_backend_dev_type ggml_backend_dev_get_type(nint device);

    [LibraryImport(LibraryNames.GgmlBase)]
    internal static partial nint ggml_backend_dev_backend_reg(nint device);

    [LibraryImport(LibraryNames.GgmlBase)]
    internal static partial byte* ggml_backend_reg_name(nint reg);
}
