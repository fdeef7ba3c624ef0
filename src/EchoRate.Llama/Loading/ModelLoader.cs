using EchoRate.Core.Engine;
using EchoRate.Llama.Interop;
using EchoRate.Llama.Logging;

namespace EchoRate.Llama.Loading;

/// <summary>Opens a model file, with its weights or for its vocabulary alone.</summary>
internal static unsafe class ModelLoader
{
    internal static ModelHandle Load(
        string path,
        IReadOnlyDictionary<string, bool> metadataOverrides,
        Offloading offloading,
        bool vocabularyOnly,
        LogScope log
    )
    {
        if (!File.Exists(path))
        {
            throw new EngineException($"cannot load {path}: there is no such file");
        }

        var parameters = LlamaApi.llama_model_default_params();
        parameters.vocab_only = vocabularyOnly;
        offloading.Fill(ref parameters);

        var overrides = MetadataOverrides.ToNative(metadataOverrides);
        fixed (llama_model_kv_override* first = overrides)
        {
            parameters.kv_overrides = first;
            var model = LlamaApi.llama_model_load_from_file(path, parameters);
            return !model.IsInvalid
                ? model
                : throw NativeFailure.Of("llama_model_load_from_file", path, log);
        }
    }

    internal static void CheckVocabulary(ModelHandle model, string path)
    {
        if (
            LlamaApi.llama_vocab_get_type(LlamaApi.llama_model_get_vocab(model))
            == llama_vocab_type.LLAMA_VOCAB_TYPE_NONE
        )
        {
            throw new EngineException($"cannot use {path}: the file holds no vocabulary");
        }
    }
}
