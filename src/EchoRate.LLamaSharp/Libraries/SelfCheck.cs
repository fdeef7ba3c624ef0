using EchoRate.Core.Engine;
using LLama.Native;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>
/// A cheap check that the structs which cross by value lie as the library believes: its documented defaults must come out of the right
/// fields. LLamaSharp has no such check, and with a library of another release it does not fail: it computes something else or crashes.
/// </summary>
internal static class SelfCheck
{
    /// <exception cref="NativeLibraryException">A default is not where it belongs.</exception>
    internal static void Run(string path)
    {
        var model = LLamaModelParams.Default();
        Expect(path, "llama_model_params.n_gpu_layers", model.n_gpu_layers, -1);
        Expect(
            path,
            "llama_model_params.split_mode",
            (int)model.split_mode,
            (int)GPUSplitMode.Layer
        );
        Expect(path, "llama_model_params.main_gpu", model.main_gpu, 0);

        var context = LLamaContextParams.Default();
        Expect(path, "llama_context_params.n_ctx", (int)context.n_ctx, 512);
        Expect(path, "llama_context_params.n_batch", (int)context.n_batch, 2048);
        Expect(path, "llama_context_params.n_ubatch", (int)context.n_ubatch, 512);
        Expect(path, "llama_context_params.n_seq_max", (int)context.n_seq_max, 1);
        Expect(
            path,
            "llama_context_params.flash_attn_type",
            (int)context.llama_flash_attn_type,
            (int)LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_AUTO
        );
        Expect(
            path,
            "llama_context_params.type_k",
            (int)context.type_k,
            (int)GGMLType.GGML_TYPE_F16
        );
        // Of fields that some releases put four bytes further on: llama.cpp b10361 passes all that stands above.
        Expect(
            path,
            "llama_context_params.n_threads_batch",
            context.n_threads_batch,
            context.n_threads
        );
        Expect(path, "llama_context_params.yarn_orig_ctx", (int)context.yarn_orig_ctx, 0);
        Expect(path, "llama_context_params.defrag_threshold", (int)context.defrag_threshold, -1);
        Expect(path, "llama_context_params.no_perf", context.no_perf ? 1 : 0, 1);
        Expect(path, "llama_context_params.n_samplers", (int)context.n_samplers, 0);
    }

    private static void Expect(string path, string field, int have, int want)
    {
        if (have != want)
        {
            throw new NativeLibraryException(
                $"{path} lays its parameters out in another way than LLamaSharp {LLamaSharpLibrary.PackageVersion}: {field} is {have}, not {want}; "
                    + "use the library of a LLamaSharp.Backend package of that version"
            );
        }
    }
}
