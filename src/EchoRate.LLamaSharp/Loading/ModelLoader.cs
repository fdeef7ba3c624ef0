using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using LLama.Abstractions;
using LLama.Exceptions;
using LLama.Extensions;
using LLama.Native;

namespace EchoRate.LLamaSharp.Loading;

/// <summary>Opens a model file, with its weights or for its vocabulary alone.</summary>
internal static class ModelLoader
{
    internal static SafeLlamaModelHandle Load(IModelParams settings, LogScope log)
    {
        var path = settings.ModelPath;
        SessionRules.CheckFile(path);
        CheckName(path);
        try
        {
            using (settings.ToLlamaModelParams(out var parameters))
            {
                return SafeLlamaModelHandle.LoadFromFile(path, parameters);
            }
        }
        catch (LoadWeightsFailedException)
        {
            throw NativeFailure.Of("llama_model_load_from_file", path, log);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new EngineException(
                $"cannot load {path}: {e.Message.ReplaceLineEndings(" ")}",
                e
            );
        }
    }

    internal static void CheckVocabulary(SafeLlamaModelHandle model, string path) =>
        SessionRules.CheckVocabulary(path, model.Vocab.Type != LLamaVocabType.None);

    // LLamaSharp hands the name over in the system's own encoding: UTF-8 everywhere but on Windows, where it would be another file's.
    private static void CheckName(string path)
    {
        if (OperatingSystem.IsWindows() && !path.All(char.IsAscii))
        {
            throw new EngineException(
                $"cannot load {path}: on Windows, LLamaSharp opens files with plain ASCII names only; rename it, or take --engine llama"
            );
        }
    }
}
