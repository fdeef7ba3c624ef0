using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Loading;

/// <summary>
/// Loads one model and makes its context or two, as a measurement wants them: F32 keys and values, no flash attention, one unified cache,
/// a batch in one piece, no warm-up.
/// </summary>
internal sealed class SessionLoader(LlamaLibrary library, string path, LoadOptions options)
{
    internal LlamaSession Load()
    {
        SessionRules.CheckOptions(options, (long)LlamaApi.llama_max_parallel_sequences());
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
        ContextHandle? second = null;
        try
        {
            CheckModel(model);
            context = MakeContext(model, offloading.UsesGpu, log);
            second = SecondContext.TryMake(
                options,
                log,
                () => MakeContext(model, offloading.UsesGpu, log),
                out var lines
            );
            var vocabulary = new LlamaVocabulary(model);
            var report = new LoadLog(lines).Report(
                library.ReadDevices(),
                LlamaApi.llama_model_n_layer(model),
                LlamaApi.llama_n_threads_batch(context),
                vocabulary.AddsBos,
                options.CpuExpertLayers
            );
            report = report with { Contexts = second is null ? 1 : 2 };
            return Session(context, second is null ? null : Session(second, null));

            LlamaSession Session(ContextHandle context, LlamaSession? second) =>
                new(model, context, vocabulary, report, options, path, second);
        }
        catch
        {
            second?.Dispose();
            context?.Dispose();
            model.Dispose();
            throw;
        }
    }

    private int BatchSize => SequenceBook.BatchSizeOf(options);

    private void CheckModel(ModelHandle model)
    {
        SessionRules.CheckDecoder(
            path,
            LlamaApi.llama_model_has_encoder(model),
            LlamaApi.llama_model_has_decoder(model)
        );
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

    private void CheckContext(ContextHandle context)
    {
        SessionRules.CheckCache(path, LlamaApi.llama_get_memory(context) != 0);
        Granted("n_ctx", LlamaApi.llama_n_ctx(context), options.CacheSize);
        Granted("n_batch", LlamaApi.llama_n_batch(context), BatchSize);
        Granted("n_ubatch", LlamaApi.llama_n_ubatch(context), BatchSize);
        Granted("n_seq_max", LlamaApi.llama_n_seq_max(context), options.Sequences);
    }

    private void Granted(string what, uint have, int want) =>
        SessionRules.CheckGranted(path, what, have, (uint)want);
}
