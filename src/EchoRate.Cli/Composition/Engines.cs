using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Llama;
using EchoRate.Machine.Natives;

namespace EchoRate.Cli.Composition;

/// <summary>Brings llama.cpp's libraries into this process: found, fetched on first need, loaded once.</summary>
internal sealed class Engines(TextWriter error)
{
    /// <summary>The default engine's name.</summary>
    public const string Llama = "llama";

    private LlamaLibrary? _library;

    /// <summary>The libraries, loaded.</summary>
    /// <exception cref="NativeLibraryException">They cannot be had.</exception>
    public async Task<LlamaLibrary> LibraryAsync(CancellationToken cancellation)
    {
        if (_library is null)
        {
            // A failed assertion aborts the process; llama.cpp would first try to attach a debugger, which can hang.
            Environment.SetEnvironmentVariable("GGML_NO_BACKTRACE", "1");
            var found = await LlamaNatives.EnsureAsync(new Lines(error), cancellation);
            _library = LlamaLibrary.Load(found.GgmlBase, found.Ggml, found.Llama);
        }
        return _library;
    }

    /// <summary>The engine on these libraries.</summary>
    public async Task<IEngine> EngineAsync(CancellationToken cancellation) =>
        new LlamaEngine(await LibraryAsync(cancellation));
}
