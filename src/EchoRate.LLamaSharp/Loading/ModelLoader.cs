using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.LLamaSharp.Inside;
using EchoRate.LLamaSharp.Interop;
using LLama.Native;

namespace EchoRate.LLamaSharp.Loading;

/// <summary>Opens a model file, with its weights or for its vocabulary alone.</summary>
internal static unsafe class ModelLoader
{
    internal static SafeLlamaModelHandle Load(
        string path,
        bool withoutSpacePrefix,
        Offloading? offloading,
        LogScope log
    )
    {
        // LLamaSharp and llama.cpp say it in many other ways.
        if (!File.Exists(path))
        {
            throw new EngineException($"cannot load {path}: there is no such file");
        }
        var parameters = LLamaModelParams.Default();
        var noDevice = (nint)0;
        if (offloading is null)
        {
            parameters.vocab_only = true;
            parameters.n_gpu_layers = 0;
            parameters.devices = &noDevice;
        }
        else
        {
            offloading.Fill(ref parameters);
        }
        fixed (
            LLamaModelMetadataOverride* overrides = MetadataOverrides.OfLoading(withoutSpacePrefix)
        )
        {
            parameters.kv_overrides = overrides;
            var model = MissingApi.llama_model_load_from_file(path, parameters);
            if (!model.IsInvalid)
            {
                return model;
            }
            model.Dispose();
            throw NativeFailure.Of("llama_model_load_from_file", path, log);
        }
    }

    /// <summary>Loads a model's vocabulary alone, which then owns the model.</summary>
    internal static LLamaSharpVocabulary LoadVocabulary(
        string path,
        bool withoutSpacePrefix,
        Action<string>? log
    )
    {
        using var scope = new LogScope(log);
        var model = Load(path, withoutSpacePrefix, offloading: null, scope);
        try
        {
            return new LLamaSharpVocabulary(model, path, log);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
