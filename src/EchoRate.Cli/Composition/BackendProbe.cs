using EchoRate.Cli.Commands;
using EchoRate.Core.Engine;
using EchoRate.LLamaSharp;
using EchoRate.Machine.Probing;

namespace EchoRate.Cli.Composition;

/// <summary>Asks this very program, started again, and remembers what a folder answered: starting it costs more than asking.</summary>
internal sealed class BackendProbe : IBackendProbe
{
    private readonly EngineProbe _engines = new(OwnProgram.With(DevicesCommand.Name));
    private readonly LibraryProbe _libraries = new(OwnProgram.With(LibraryCommand.Name));
    private readonly Dictionary<string, FolderAnswer> _known = [];

    /// <summary>An engine's facts.</summary>
    /// <exception cref="NativeLibraryException">It cannot be loaded.</exception>
    public Task<EngineFacts> AskAsync(string? plugin, CancellationToken cancellation) =>
        _engines.AskAsync(LLamaSharpEngine.EngineName, plugin, cancellation);

    /// <inheritdoc />
    public async Task<FolderAnswer> LookAsync(string folder, CancellationToken cancellation)
    {
        if (!_known.TryGetValue(folder, out var answer))
        {
            answer = await TryAskAsync(folder, cancellation);
            _known.Add(folder, answer);
        }
        return answer;
    }

    /// <inheritdoc />
    public Task<FolderAnswer> LookAtEngineAsync(string engine, CancellationToken cancellation) =>
        TryAskAsync(null, cancellation);

    private async Task<FolderAnswer> TryAskAsync(string? libraries, CancellationToken cancellation)
    {
        try
        {
            return new FolderAnswer(await AskAsync(libraries, cancellation), null);
        }
        catch (NativeLibraryException e)
        {
            return new FolderAnswer(null, e.Message);
        }
    }

    /// <inheritdoc />
    public Task<LoaderAnswer> OpenAsync(string library, CancellationToken cancellation) =>
        _libraries.OpenAsync(library, cancellation);
}
