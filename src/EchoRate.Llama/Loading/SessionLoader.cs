using EchoRate.Core.Engine;
using EchoRate.Llama.Interop;
using EchoRate.Llama.Logging;

namespace EchoRate.Llama.Loading;

/// <summary>
/// Loads one model and makes its context, as a measurement wants them: F32 keys and values, no flash attention, one unified cache,
/// a batch in one piece, no warm-up.
/// </summary>
internal sealed class SessionLoader(LlamaLibrary library, string path, LoadOptions options)
{
    internal LlamaSession Load()
    {
        CheckOptions();
        using var log = new LogScope(options.Log);
        using var offloading = new Offloading(path, options);
        var model = ModelLoader.Load(
            path,
            options.MetadataOverrides,
            offloading,
            vocabularyOnly: false,
            log
        );
        ContextHandle? context = null;
        try
        {
            CheckModel(model);
            context = MakeContext(model, offloading.UsesGpu, log);
            var vocabulary = new LlamaVocabulary(model);
            var report = new LoadLog(log.Lines).Report(
                library.ReadDevices(),
                LlamaApi.llama_model_n_layer(model),
                LlamaApi.llama_n_threads_batch(context),
                vocabulary.AddsBos,
                options.CpuExpertLayers
            );
            return new LlamaSession(model, context, vocabulary, report, options, path);
        }
        catch
        {
            context?.Dispose();
            model.Dispose();
            throw;
        }
    }

    private int BatchSize => Math.Max(options.BatchSize, options.Sequences);

    private void CheckOptions()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Sequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CacheSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.GpuLayers, -1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.CpuExpertLayers);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MainGpu ?? 0);
        var most = (long)LlamaApi.llama_max_parallel_sequences();
        if (options.Sequences > most)
        {
            throw new EngineException(
                $"llama.cpp holds at most {most} sequences at once, not {options.Sequences}: ask for fewer"
            );
        }
    }

    private void CheckModel(ModelHandle model)
    {
        if (LlamaApi.llama_model_has_encoder(model) || !LlamaApi.llama_model_has_decoder(model))
        {
            throw new EngineException(
                $"cannot measure {path}: the model has an encoder; only decoders (GPT, Llama, Gemma, Qwen …) predict a next token from a lone one"
            );
        }

        ModelLoader.CheckVocabulary(model, path);
    }

    private ContextHandle MakeContext(ModelHandle model, bool usesGpu, LogScope log)
    {
        var threads = options.Threads == 0 ? PhysicalCores.Count : options.Threads;
        var parameters = LlamaApi.llama_context_default_params();

        // One cache for all sequences. A batch is cut down to the cache's size, so that is never smaller than the batch.
        parameters.n_ctx = (uint)Math.Max(options.CacheSize, BatchSize);
        parameters.kv_unified = true;
        parameters.n_batch = (uint)BatchSize;
        parameters.n_ubatch = (uint)BatchSize;
        parameters.n_seq_max = (uint)options.Sequences;

        // Logits take the vocabulary's size for each token that wants them: one in a sequence, not every token of a batch.
        parameters.n_outputs_max = (uint)options.Sequences;
        parameters.n_threads = threads;
        parameters.n_threads_batch = threads;
        parameters.type_k = ggml_type.GGML_TYPE_F32;
        parameters.type_v = ggml_type.GGML_TYPE_F32;
        parameters.flash_attn_type = llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED;

        // Models with a sliding window (gemma2, gemma3, gpt-oss) would drop what lies behind the window; a sequence that is then
        // truncated would lack it. The mask is the same either way.
        parameters.swa_full = true;

        // Keys and values lie where their layer does. Weights that stay on the host are copied to a GPU for wide batches.
        parameters.offload_kqv = usesGpu;
        parameters.op_offload = usesGpu;
        parameters.no_perf = true;

        var context = ContextHandle.Create(model, parameters);
        if (context.IsInvalid)
        {
            throw NativeFailure.Of("llama_init_from_model", path, log);
        }

        try
        {
            CheckContext(context);
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    // llama.cpp may grant less than it was asked for, without an error.
    private void CheckContext(ContextHandle context)
    {
        if (LlamaApi.llama_get_memory(context) == 0)
        {
            throw new EngineException(
                $"cannot measure {path}: the model keeps no cache (an encoder or a diffusion model), so it predicts no next token"
            );
        }

        Granted("n_ctx", LlamaApi.llama_n_ctx(context), (uint)options.CacheSize);
        Granted("n_batch", LlamaApi.llama_n_batch(context), (uint)BatchSize);
        Granted("n_ubatch", LlamaApi.llama_n_ubatch(context), (uint)BatchSize);
        Granted("n_seq_max", LlamaApi.llama_n_seq_max(context), (uint)options.Sequences);
    }

    private void Granted(string what, uint have, uint want)
    {
        if (have < want)
        {
            throw new EngineException(
                $"llama_init_from_model: {path} was given {what} {have} instead of {want}: ask for fewer sequences or a smaller batch"
            );
        }
    }
}
