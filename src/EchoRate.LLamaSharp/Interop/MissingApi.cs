using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using LLama.Native;

namespace EchoRate.LLamaSharp.Interop;

/// <summary>
/// What the engine needs of llama.cpp and LLamaSharp does not bind, or binds otherwise. Imports of the old kind, because LLamaSharp's structs
/// hold delegates, which generated ones do not take. <see cref="Libraries.LibraryFiles"/> leads them to the libraries that LLamaSharp loaded.
/// </summary>
[SuppressMessage(
    "Interoperability",
    "SYSLIB1054:Use LibraryImport",
    Justification = "LLamaModelParams holds a delegate."
)]
internal static class MissingApi
{
    internal const string Llama = "llama";
    internal const string Ggml = "ggml";
    internal const string GgmlBase = "ggml-base";

    // LLamaSharp hands names over in the system's encoding, which is not UTF-8 on Windows; llama.cpp takes UTF-8 everywhere.
    [DllImport(Llama)]
    internal static extern SafeLlamaModelHandle llama_model_load_from_file(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path_model,
        LLamaModelParams @params
    );

    [DllImport(Llama)]
    internal static extern uint llama_model_quantize(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string fname_inp,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string fname_out,
        ref LLamaModelQuantizeParams @params
    );

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
    internal static extern nint ggml_backend_cpu_buffer_type();

    [DllImport(Ggml)]
    internal static extern nint ggml_backend_load([MarshalAs(UnmanagedType.LPUTF8Str)] string path);

    [DllImport(GgmlBase)]
    internal static extern nuint ggml_backend_reg_dev_count(nint reg);

    [DllImport(GgmlBase)]
    internal static extern nint ggml_backend_reg_dev_get(nint reg, nuint index);

    [DllImport(GgmlBase)]
    internal static extern nint ggml_version();

    [DllImport(GgmlBase)]
    internal static extern nint ggml_commit();
}
