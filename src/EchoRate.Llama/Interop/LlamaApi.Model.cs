using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

// llama.h, models.
internal static unsafe partial class LlamaApi
{
    [LibraryImport(LibraryNames.Llama)]
    internal static partial llama_model_params llama_model_default_params();

    [LibraryImport(LibraryNames.Llama, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ModelHandle llama_model_load_from_file(
        string path_model,
        llama_model_params @params
    );

    [LibraryImport(LibraryNames.Llama)]
    internal static partial void llama_model_free(nint model);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial nint llama_model_get_vocab(ModelHandle model);

    [LibraryImport(LibraryNames.Llama, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int llama_model_meta_val_str(
        ModelHandle model,
        string key,
        Span<byte> buf,
        nuint buf_size
    );

    [LibraryImport(LibraryNames.Llama)]
    internal static partial int llama_model_n_layer(ModelHandle model);

    [LibraryImport(LibraryNames.Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool llama_model_is_recurrent(ModelHandle model);

    [LibraryImport(LibraryNames.Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool llama_model_is_hybrid(ModelHandle model);

    [LibraryImport(LibraryNames.Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool llama_model_has_encoder(ModelHandle model);

    [LibraryImport(LibraryNames.Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool llama_model_has_decoder(ModelHandle model);
}
