using EchoRate.Core.Engine;
using EchoRate.Llama;
using EchoRate.LLamaSharp;
using EchoRate.Runs.Executing;

namespace EchoRate.Cli.Composition;

/// <summary>llama.cpp through the package LLamaSharp, which brings its own libraries.</summary>
internal sealed class LLamaSharpEngineSource : IEngineSource
{
    /// <inheritdoc />
    public string Name => Engines.LLamaSharp;

    /// <inheritdoc />
    public Task<string?> FindLibrariesAsync(RunTarget target, CancellationToken cancellation) =>
        Task.FromResult(target.Libraries ?? Asked());

    /// <inheritdoc />
    public Task<IEngine> LoadAsync(string? libraries, CancellationToken cancellation)
    {
        try
        {
            return Task.FromResult<IEngine>(
                new LLamaSharpEngine(
                    LLamaSharpLibrary.Load(libraries ?? Asked()),
                    PhysicalCores.Count
                )
            );
        }
        catch (LLamaSharpLibraryException e)
        {
            throw new NativeLibraryException(e.Message, e);
        }
    }

    private static string? Asked() =>
        Environment.GetEnvironmentVariable(LLamaSharpLibrary.FolderVariable)
            is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : null;
}
