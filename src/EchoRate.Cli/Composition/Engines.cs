using EchoRate.Cli.Errors;
using EchoRate.Core.Engine;
using EchoRate.Llama;
using EchoRate.Runs.Executing;

namespace EchoRate.Cli.Composition;

/// <summary>The engines that this program has, by name. A process loads one of them, and one set of libraries.</summary>
internal sealed class Engines
{
    /// <summary>The default engine's name.</summary>
    public const string Llama = "llama";

    private readonly LlamaEngineSource _llama;
    private readonly IReadOnlyList<IEngineSource> _sources;

    /// <summary>All engines; another one joins by a line here.</summary>
    /// <param name="error">Hears what is fetched.</param>
    public Engines(TextWriter error)
    {
        _llama = new LlamaEngineSource(error);
        _sources = [_llama];
    }

    /// <summary>What files are measured on where nobody says otherwise.</summary>
    public static RunTarget DefaultTarget { get; } =
        new()
        {
            Engine = Llama,
            Backend = "cpu",
            DeviceLabel = "cpu",
        };

    /// <summary>The engine of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public IEngineSource Source(string name) =>
        _sources.FirstOrDefault(source => source.Name == name)
        ?? throw new UsageException(
            $"--engine: '{name}' is not allowed; allowed: {string.Join(", ", _sources.Select(source => source.Name))}"
        );

    /// <summary>A target's engine, loaded into this process.</summary>
    /// <exception cref="NativeLibraryException">It cannot be loaded.</exception>
    public Task<IEngine> LoadAsync(RunTarget target, CancellationToken cancellation) =>
        Source(target.Engine).LoadAsync(target.Libraries, cancellation);

    /// <summary>The default engine, loaded into this process.</summary>
    /// <exception cref="NativeLibraryException">It cannot be loaded.</exception>
    public Task<IEngine> EngineAsync(CancellationToken cancellation) =>
        LoadAsync(DefaultTarget, cancellation);

    /// <summary>llama.cpp's libraries, loaded into this process.</summary>
    /// <exception cref="NativeLibraryException">They cannot be had.</exception>
    public Task<LlamaLibrary> LibraryAsync(CancellationToken cancellation) =>
        _llama.LibraryAsync(cancellation);
}
