using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Libraries;

/// <summary>
/// A cheap check, after the version's, that the structs which cross by value lie as the library believes: its documented defaults
/// must come out of the right fields. A wrong layout does not fail, it computes something else or crashes.
/// </summary>
internal static class SelfCheck
{
    /// <exception cref="NativeLibraryException">A default is not where it belongs.</exception>
    internal static void Run(string version)
    {
        var model = LlamaApi.llama_model_default_params();
        Expect(version, "llama_model_params.n_gpu_layers", model.n_gpu_layers, -1);
        Expect(
            version,
            "llama_model_params.split_mode",
            (int)model.split_mode,
            (int)llama_split_mode.LLAMA_SPLIT_MODE_LAYER
        );
        Expect(
            version,
            "llama_model_params.load_mode",
            (int)model.load_mode,
            (int)llama_load_mode.LLAMA_LOAD_MODE_AUTO
        );

        var context = LlamaApi.llama_context_default_params();
        Expect(version, "llama_context_params.n_ctx", (int)context.n_ctx, 512);
        Expect(version, "llama_context_params.n_batch", (int)context.n_batch, 2048);
        Expect(version, "llama_context_params.n_ubatch", (int)context.n_ubatch, 512);
        Expect(version, "llama_context_params.n_seq_max", (int)context.n_seq_max, 1);
        Expect(
            version,
            "llama_context_params.flash_attn_type",
            (int)context.flash_attn_type,
            (int)llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_AUTO
        );
        Expect(
            version,
            "llama_context_params.type_k",
            (int)context.type_k,
            (int)ggml_type.GGML_TYPE_F16
        );
        Expect(version, "llama_context_params.no_perf", context.no_perf ? 1 : 0, 1);

        var quantize = LlamaApi.llama_model_quantize_default_params();
        Expect(
            version,
            "llama_model_quantize_params.token_embedding_type",
            (int)quantize.token_embedding_type,
            (int)ggml_type.GGML_TYPE_COUNT
        );
    }

    private static void Expect(string version, string field, int have, int want)
    {
        if (have != want)
        {
            throw new NativeLibraryException(
                $"llama.cpp {version} lays its parameters out in another way than this program: {field} is {have}, not {want}; "
                    + $"use the libraries of {LlamaLibrary.SupportedVersions}"
            );
        }
    }
}
