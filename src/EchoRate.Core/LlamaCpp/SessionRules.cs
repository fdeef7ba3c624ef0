using EchoRate.Core.Engine;

namespace EchoRate.Core.LlamaCpp;

/// <summary>What no engine on llama.cpp may be asked for, and which models no engine measures, with the words for it.</summary>
public static class SessionRules
{
    /// <summary>Refuses options that are out of range.</summary>
    /// <exception cref="EngineException">More sequences than the library holds.</exception>
    public static void CheckOptions(LoadOptions options, long mostSequences)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Sequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CacheSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Contexts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Contexts, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.GpuLayers, -1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.CpuExpertLayers);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MainGpu ?? 0);
        if (options.Sequences > mostSequences)
        {
            throw new EngineException(
                $"llama.cpp holds at most {mostSequences} sequences at once, not {options.Sequences}: ask for fewer"
            );
        }
    }

    /// <summary>Refuses a file that is not there: LLamaSharp and llama.cpp say it in many other ways.</summary>
    /// <exception cref="EngineException">There is no such file.</exception>
    public static void CheckFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new EngineException($"cannot load {path}: there is no such file");
        }
    }

    /// <summary>Refuses models that predict no next token from a lone one.</summary>
    /// <exception cref="EngineException">The model has an encoder, or no decoder.</exception>
    public static void CheckDecoder(string path, bool hasEncoder, bool hasDecoder)
    {
        if (hasEncoder || !hasDecoder)
        {
            throw new EngineException(
                $"cannot measure {path}: the model has an encoder; only decoders (GPT, Llama, Gemma, Qwen …) predict a next token from a lone one"
            );
        }
    }

    /// <summary>Refuses files without a vocabulary.</summary>
    /// <exception cref="EngineException">There is none.</exception>
    public static void CheckVocabulary(string path, bool hasVocabulary)
    {
        if (!hasVocabulary)
        {
            throw new EngineException($"cannot use {path}: the file holds no vocabulary");
        }
    }

    /// <summary>Refuses models that keep no cache.</summary>
    /// <exception cref="EngineException">The model keeps none.</exception>
    public static void CheckCache(string path, bool hasCache)
    {
        if (!hasCache)
        {
            throw new EngineException(
                $"cannot measure {path}: the model keeps no cache (an encoder or a diffusion model), so it predicts no next token"
            );
        }
    }

    /// <summary>llama.cpp may grant less than it was asked for, without an error.</summary>
    /// <exception cref="EngineException">It granted less.</exception>
    public static void CheckGranted(string path, string what, uint have, uint want)
    {
        if (have < want)
        {
            throw new EngineException(
                $"llama_init_from_model: {path} was given {what} {have} instead of {want}: ask for fewer sequences or a smaller batch"
            );
        }
    }

    /// <summary>A sequence's end that could not be forgotten.</summary>
    public static EngineException CannotTruncate(string path) =>
        new(
            $"llama_memory_seq_rm: {path}: the model cannot forget the end of a sequence (its state is recurrent); clear the sequence and decode it again"
        );
}
