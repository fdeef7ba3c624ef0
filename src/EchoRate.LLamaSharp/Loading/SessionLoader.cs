using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.LLamaSharp.Exact;
using EchoRate.LLamaSharp.Inside;
using EchoRate.LLamaSharp.Interop;
using EchoRate.LLamaSharp.Libraries;
using LLama.Native;

namespace EchoRate.LLamaSharp.Loading;

/// <summary>
/// Loads one model and makes its context or two, as a measurement wants them: F32 keys and values, no flash attention, one unified cache,
/// a batch in one piece, no warm-up.
/// </summary>
internal sealed class SessionLoader(string path, LoadOptions options, int defaultThreads)
{
    // Never fewer than sequences, or reserving the outputs would trip an assertion.
    private int BatchSize => Math.Max(options.BatchSize, options.Sequences);

    private int Threads => options.Threads == 0 ? defaultThreads : options.Threads;

    /// <summary>The weights for which exact arithmetic was given up; null where it was not tried, or works.</summary>
    internal string? NotExact { get; init; }

    internal LLamaSharpSession Load()
    {
        CheckOptions();
        using var log = new LogScope(options.Log);
        if (options.IsExact)
        {
            ExactBackend.Register();
        }
        using var offloading = new Offloading(path, options);
        var made = new Stack<IDisposable>();
        try
        {
            return Load(made, offloading, log);
        }
        catch
        {
            // From the last to the first: contexts before their model, and what a context calls after it.
            foreach (var one in made)
            {
                one.Dispose();
            }
            throw;
        }
    }

    private LLamaSharpSession Load(Stack<IDisposable> made, Offloading offloading, LogScope log)
    {
        var exact = options.IsExact ? Made(new ExactProducts(Threads)) : null;
        var tap = options.Shows == Insight.Nothing ? null : Made(new GraphTap());
        var model = Made(ModelLoader.Load(path, options.WithoutSpacePrefix, offloading, log));
        CheckDecoder(model);
        if (tap is not null)
        {
            ExactSelfCheck.CheckTensors();
        }
        var vocabulary = new LLamaSharpVocabulary(model, path, options.Log);
        var context = Made(MakeContext(model, offloading.UsesGpu, exact, tap, log));
        var lines = log.Lines;
        SafeLLamaContextHandle? second = null;
        if (options.Contexts == 2)
        {
            second = TryMakeSecond(
                () => Made(MakeContext(model, offloading.UsesGpu, null, null, log)),
                options.Log
            );
            lines = second is null ? lines : log.Lines;
        }
        var report = new LoadLog(lines).Report(
            DeviceList.Read(),
            model.LayerCount,
            context.BatchThreads,
            vocabulary.AddsBos,
            options.CpuExpertLayers
        ) with
        {
            Contexts = second is null ? 1 : 2,
            Arithmetic = exact is { Refused: null } ? Arithmetic.Exact : Arithmetic.Library,
            NotExact = exact?.Refused ?? NotExact,
        };
        var other = second is null ? null : Session(second, null, null, null);
        return Session(context, other, exact, tap);

        LLamaSharpSession Session(
            SafeLLamaContextHandle of,
            LLamaSharpSession? other,
            ExactProducts? exact,
            GraphTap? tap
        ) =>
            new(model, of, vocabulary, report, options, path)
            {
                BatchSize = BatchSize,
                Second = other,
                Exact = exact,
                Tap = tap,
            };

        T Made<T>(T one)
            where T : IDisposable
        {
            made.Push(one);
            return one;
        }
    }

    /// <summary>A second context is worth having and never needed: where it cannot be made, the first one works alone.</summary>
    internal static T? TryMakeSecond<T>(Func<T> make, Action<string>? log)
        where T : class
    {
        try
        {
            return make();
        }
        catch (EngineException e)
        {
            log?.Invoke($"no second context, so batches are decoded and read in turn: {e.Message}");
            return null;
        }
    }

    private void CheckOptions()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Contexts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Contexts, 2);
        if (options.IsExact && (options.GpuLayers != 0 || options.Contexts != 1))
        {
            throw new ArgumentException("exact products are computed on the CPU, in one context");
        }
        var most = NativeApi.llama_max_parallel_sequences();
        if (options.Sequences >= most)
        {
            throw new EngineException(
                $"llama.cpp holds at most {most} sequences at once, not {options.Sequences} and one for padding: ask for fewer"
            );
        }
    }

    private void CheckDecoder(SafeLlamaModelHandle model)
    {
        if (model.HasEncoder || !model.HasDecoder)
        {
            throw new EngineException(
                $"cannot measure {path}: the model has an encoder; only decoders (GPT, Llama, Gemma, Qwen …) predict a next token from a lone one"
            );
        }
    }

    private SafeLLamaContextHandle MakeContext(
        SafeLlamaModelHandle model,
        bool usesGpu,
        ExactProducts? exact,
        GraphTap? tap,
        LogScope log
    )
    {
        var parameters = LLamaContextParams.Default();

        // One cache for all sequences. A batch is cut down to the cache's size, so that is never smaller than the batch.
        parameters.n_ctx = (uint)Math.Max(options.CacheSize, BatchSize);
        parameters.kv_unified = true;
        parameters.n_batch = (uint)BatchSize;
        parameters.n_ubatch = (uint)BatchSize;
        parameters.n_seq_max = (uint)options.Sequences + 1;

        // Logits take the vocabulary's size for each token that wants them: one in a sequence, not every token of a batch (and llama.cpp wants room for all sequences).
        parameters.n_outputs_max = parameters.n_seq_max;
        parameters.n_threads = Threads;
        parameters.n_threads_batch = Threads;
        parameters.type_k = GGMLType.GGML_TYPE_F32;
        parameters.type_v = GGMLType.GGML_TYPE_F32;
        parameters.llama_flash_attn_type =
            LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_DISABLED;

        // Models with a sliding window (gemma2, gemma3, gpt-oss) would drop what lies behind the window; a sequence that is then
        // truncated would lack it. The mask is the same either way.
        parameters.swa_full = true;

        // Keys and values lie where their layer does. Weights that stay on the host are copied to a GPU for wide batches.
        parameters.offload_kqv = usesGpu;
        parameters.op_offload = usesGpu;
        parameters.no_perf = true;
        tap?.AttachTo(ref parameters);
        using var making = ExactBackend.Making(exact);
        var context = Create(model, parameters, path, log);
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

    /// <summary>LLamaSharp's Create, which does not throw where the native call fails, with an exception then.</summary>
    internal static SafeLLamaContextHandle Create(
        SafeLlamaModelHandle model,
        LLamaContextParams parameters,
        string path,
        LogScope log
    )
    {
        var context = SafeLLamaContextHandle.Create(model, parameters);
        if (!context.IsInvalid)
        {
            return context;
        }

        // It has counted a reference on the model, and an invalid handle never gives it back.
        context.Dispose();
        model.DangerousRelease();
        throw NativeFailure.Of("llama_init_from_model", path, log);
    }

    private void CheckContext(SafeLLamaContextHandle context)
    {
        if (MissingApi.llama_get_memory(context) == 0)
        {
            throw new EngineException(
                $"cannot measure {path}: the model keeps no cache (an encoder or a diffusion model), so it predicts no next token"
            );
        }
        CheckGranted("n_ctx", context.ContextSize, options.CacheSize);
        CheckGranted("n_batch", context.BatchSize, BatchSize);
        CheckGranted("n_ubatch", context.UBatchSize, BatchSize);
        CheckGranted("n_seq_max", context.MaxSeq, options.Sequences + 1);
    }

    // llama.cpp may grant less than it was asked for, without an error.
    private void CheckGranted(string what, uint have, int want)
    {
        if (have < want)
        {
            throw new EngineException(
                $"llama_init_from_model: {path} was given {what} {have} instead of {want}: ask for fewer sequences or a smaller batch"
            );
        }
    }
}
