using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;

namespace EchoRate.Llama.Loading;

/// <summary>Loads a model's vocabulary alone.</summary>
internal static class VocabularyLoader
{
    internal static OwnedVocabulary Load(
        string path,
        IReadOnlyDictionary<string, bool> metadataOverrides,
        Action<string>? log
    )
    {
        using var scope = new LogScope(log);
        using var nowhere = new Offloading(path, new LoadOptions());
        var model = ModelLoader.Load(path, metadataOverrides, nowhere, vocabularyOnly: true, scope);
        try
        {
            ModelLoader.CheckVocabulary(model, path);
            return new OwnedVocabulary(model, new LlamaVocabulary(model), log);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
