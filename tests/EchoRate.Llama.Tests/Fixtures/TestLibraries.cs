namespace EchoRate.Llama.Tests.Fixtures;

/// <summary>llama.cpp for the tests of this assembly, loaded once.</summary>
internal static class TestLibraries
{
    private const string Variable = "ECHORATE_LLAMA_DIR";

    /// <summary>The loaded library; skips the test where there is none.</summary>
    internal static LlamaLibrary Load()
    {
        if (Locate() is not { } paths)
        {
            Assert.Skip(
                $"no llama.cpp: set {Variable} to a folder with libggml-base, libggml and libllama"
            );
            throw new InvalidOperationException();
        }

        return LlamaLibrary.Load(paths.GgmlBase, paths.Ggml, paths.Llama);
    }

    /// <summary>Where the libraries are: the only place that knows.</summary>
    internal static (string GgmlBase, string Ggml, string Llama)? Locate()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(folder) || !Directory.Exists(folder))
        {
            return null;
        }

        var files = Directory.GetFiles(folder);
        return
            Find(files, "ggml-base") is { } ggmlBase
            && Find(files, "ggml") is { } ggml
            && Find(files, "llama") is { } llama
            ? (ggmlBase, ggml, llama)
            : null;
    }

    // libllama.so, libllama.v0.4.0.so, llama.v0.4.0.dll, libllama.metal.v0.4.0.dylib, but not libllama-common.so.
    private static string? Find(string[] files, string library) =>
        files.FirstOrDefault(file =>
            Path.GetExtension(file) is ".so" or ".dll" or ".dylib"
            && Path.GetFileName(file).Split('.')[0] is { } name
            && (name == library || name == "lib" + library)
        );
}
