using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

// llama.h, quantization.
internal static unsafe partial class LlamaApi
{
    [LibraryImport(LibraryNames.Llama)]
    internal static partial llama_model_quantize_params llama_model_quantize_default_params();

    [LibraryImport(LibraryNames.Llama, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial uint llama_model_quantize(
        string fname_inp,
        string fname_out,
        llama_model_quantize_params* @params
    );

    // ggml.h: how many values one block of a tensor type holds; rows are whole blocks.
    [LibraryImport(LibraryNames.GgmlBase)]
    internal static partial long ggml_blck_size(ggml_type type);
}
