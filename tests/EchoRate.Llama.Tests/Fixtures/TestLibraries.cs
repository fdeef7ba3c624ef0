using EchoRate.Machine.Natives;

namespace EchoRate.Llama.Tests.Fixtures;

/// <summary>llama.cpp for the tests of this assembly, by the program's own door: found, fetched on first need, loaded once.</summary>
internal static class TestLibraries
{
    private static readonly Lazy<LlamaLibraries> s_found = new(() =>
        LlamaNatives.EnsureAsync(cancellation: CancellationToken.None).GetAwaiter().GetResult()
    );

    /// <summary>The loaded library.</summary>
    internal static LlamaLibrary Load()
    {
        var paths = Locate();
        return LlamaLibrary.Load(paths.GgmlBase, paths.Ggml, paths.Llama);
    }

    /// <summary>Where the libraries are: the only place that knows.</summary>
    internal static LlamaLibraries Locate() => s_found.Value;
}
