using EchoRate.Core.Engine;
using EchoRate.Llama;
using EchoRate.Runs.Executing;

namespace EchoRate.Cli.Composition;

/// <summary>Where one kind of engine comes from: its libraries found, and loaded into this process. <see cref="Engines"/> lists them.</summary>
internal interface IEngineSource
{
    /// <summary>The engine's name, as in the column <c>engine</c>.</summary>
    string Name { get; }

    /// <summary>The folder of the libraries for a target, fetched where they are not here; nothing is loaded. Null where the engine brings its own.</summary>
    /// <exception cref="NativeLibraryException">They cannot be had.</exception>
    Task<string?> FindLibrariesAsync(RunTarget target, CancellationToken cancellation);

    /// <summary>The engine, loaded into this process, once and for good.</summary>
    /// <param name="libraries">The folder of its libraries; null for those that it would find by itself.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="NativeLibraryException">It cannot be loaded.</exception>
    Task<IEngine> LoadAsync(string? libraries, CancellationToken cancellation);
}
