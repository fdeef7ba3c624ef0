using EchoRate.Core.LlamaCpp;

namespace EchoRate.LLamaSharp.Loading;

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
        var model = ModelLoader.Load(path, metadataOverrides, offloading: null, scope);
        try
        {
            ModelLoader.CheckVocabulary(model, path);
            return new OwnedVocabulary(model, new LLamaSharpVocabulary(model), log);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
