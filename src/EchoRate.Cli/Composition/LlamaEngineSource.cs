using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Llama;
using EchoRate.Machine.Natives;
using EchoRate.Runs.Executing;

namespace EchoRate.Cli.Composition;

/// <summary>llama.cpp through this program's own binding.</summary>
/// <param name="error">Hears what is fetched.</param>
internal sealed class LlamaEngineSource(TextWriter error) : IEngineSource
{
    private LlamaLibrary? _library;

    /// <inheritdoc />
    public string Name => Engines.Llama;

    /// <inheritdoc />
    public async Task<string?> FindLibrariesAsync(
        RunTarget target,
        CancellationToken cancellation
    ) =>
        target.Libraries
        ?? (await LlamaNatives.EnsureAsync(new Lines(error), cancellation)).Directory;

    /// <inheritdoc />
    public async Task<IEngine> LoadAsync(string? libraries, CancellationToken cancellation) =>
        new LlamaEngine(
            libraries is null ? await LibraryAsync(cancellation) : Load(LlamaNatives.In(libraries))
        );

    /// <summary>The libraries that are there without anybody's wish, loaded.</summary>
    /// <exception cref="NativeLibraryException">They cannot be had.</exception>
    public async Task<LlamaLibrary> LibraryAsync(CancellationToken cancellation) =>
        _library ??= Load(await LlamaNatives.EnsureAsync(new Lines(error), cancellation));

    private static LlamaLibrary Load(LlamaLibraries found) =>
        LlamaLibrary.Load(found.GgmlBase, found.Ggml, found.Llama);
}
