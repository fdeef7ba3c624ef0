using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using LLama.Native;

namespace EchoRate.LLamaSharp.Interop;

/// <summary>
/// What the engine needs of llama.cpp and LLamaSharp does not bind. Addresses cross as plain integers and structs not at all: imports of
/// the old kind do that without unsafe code. <c>LlamaLibraryFiles</c> leads them to the libraries that LLamaSharp loaded.
/// </summary>
[SuppressMessage(
    "Interoperability",
    "SYSLIB1054:Use LibraryImport",
    Justification = "Its generated code is unsafe, and only EchoRate.Llama may be."
)]
internal static class MissingApi
{
    internal const string Llama = "llama";
    internal const string Ggml = "ggml";
    internal const string GgmlBase = "ggml-base";

    [DllImport(Llama)]
    internal static extern nint llama_get_memory(SafeLLamaContextHandle ctx);

    [DllImport(Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static extern bool llama_model_is_hybrid(SafeLlamaModelHandle model);

    [DllImport(Ggml)]
    internal static extern void ggml_backend_load_all_from_path(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string dir_path
    );

    [DllImport(Ggml)]
    internal static extern nuint ggml_backend_dev_count();

    [DllImport(Ggml)]
    internal static extern nint ggml_backend_dev_get(nuint index);

    [DllImport(GgmlBase)]
    internal static extern nint ggml_backend_dev_name(nint device);

    [DllImport(GgmlBase)]
    internal static extern nint ggml_backend_dev_description(nint device);

    [DllImport(GgmlBase)]
    internal static extern void ggml_backend_dev_memory(
        nint device,
        out nuint free,
        out nuint total
    );

    [DllImport(GgmlBase)]
    internal static extern int ggml_backend_dev_type(nint device);

    [DllImport(GgmlBase)]
    internal static extern nint ggml_backend_dev_backend_reg(nint device);

    [DllImport(GgmlBase)]
    internal static extern nint ggml_backend_reg_name(nint reg);

    [DllImport(GgmlBase)]
    internal static extern nint ggml_version();

    [DllImport(GgmlBase)]
    internal static extern nint ggml_commit();
}
