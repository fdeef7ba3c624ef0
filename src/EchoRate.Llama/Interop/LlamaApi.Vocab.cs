using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

// llama.h, "Vocab" and "Tokenization". A vocabulary belongs to its model and lives as long.
internal static unsafe partial class LlamaApi
{
    // In C the function and its type share one name.
    [LibraryImport(LibraryNames.Llama, EntryPoint = "llama_vocab_type")]
    internal static partial llama_vocab_type llama_vocab_get_type(nint vocab);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial int llama_vocab_n_tokens(nint vocab);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial llama_token_attr llama_vocab_get_attr(nint vocab, int token);

    [LibraryImport(LibraryNames.Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool llama_vocab_is_eog(nint vocab, int token);

    [LibraryImport(LibraryNames.Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool llama_vocab_get_add_bos(nint vocab);

    [LibraryImport(LibraryNames.Llama)]
    internal static partial int llama_tokenize(
        nint vocab,
        byte* text,
        int text_len,
        int* tokens,
        int n_tokens_max,
        [MarshalAs(UnmanagedType.U1)] bool add_special,
        [MarshalAs(UnmanagedType.U1)] bool parse_special
    );

    [LibraryImport(LibraryNames.Llama)]
    internal static partial int llama_token_to_piece(
        nint vocab,
        int token,
        byte* buf,
        int length,
        int lstrip,
        [MarshalAs(UnmanagedType.U1)] bool special
    );
}
