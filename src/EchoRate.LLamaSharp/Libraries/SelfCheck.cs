using EchoRate.Core.Engine;
using LLama.Native;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>
/// A cheap check that the structs which cross by value lie as the library believes: its documented defaults must come out of the right
/// fields. LLamaSharp has no such check, and with a library of another release it does not fail: it computes something else or crashes.
/// </summary>
internal static class SelfCheck
{
    internal static void Run(string path)
    {
        var model = LLamaModelParams.Default();
        var context = LLamaContextParams.Default();
        const int auto = (int)LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_AUTO;
        (string Field, int Have, int Want)[] defaults =
        [
            ("model_params.n_gpu_layers", model.n_gpu_layers, -1),
            ("model_params.split_mode", (int)model.split_mode, (int)GPUSplitMode.Layer),
            ("model_params.main_gpu", model.main_gpu, 0),
            ("context_params.n_ctx", (int)context.n_ctx, 512),
            ("context_params.n_batch", (int)context.n_batch, 2048),
            ("context_params.n_ubatch", (int)context.n_ubatch, 512),
            ("context_params.n_seq_max", (int)context.n_seq_max, 1),
            ("context_params.flash_attn_type", (int)context.llama_flash_attn_type, auto),
            ("context_params.type_k", (int)context.type_k, (int)GGMLType.GGML_TYPE_F16),
            // Of fields that some releases put four bytes further on: llama.cpp b10361 passes all that stands above.
            ("context_params.n_threads_batch", context.n_threads_batch, context.n_threads),
            ("context_params.yarn_orig_ctx", (int)context.yarn_orig_ctx, 0),
            ("context_params.defrag_threshold", (int)context.defrag_threshold, -1),
            ("context_params.no_perf", context.no_perf ? 1 : 0, 1),
            ("context_params.n_samplers", (int)context.n_samplers, 0),
        ];
        var (field, have, want) = defaults.FirstOrDefault(field => field.Have != field.Want);
        if (field is not null)
        {
            throw new NativeLibraryException(
                $"{path} lays its parameters out in another way than LLamaSharp {LLamaSharpLibrary.PackageVersion}: llama_{field} is {have}, not {want}; "
                    + "use the library of a LLamaSharp.Backend package of that version"
            );
        }
    }
}
