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
}
