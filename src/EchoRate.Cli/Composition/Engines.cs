using EchoRate.Cli.Errors;
using EchoRate.Core.Engine;
using EchoRate.Llama;
using EchoRate.Machine.Backends;
using EchoRate.Runs.Executing;

namespace EchoRate.Cli.Composition;

/// <summary>The engines that this program has, by name. A process loads one of them, and one set of libraries.</summary>
internal sealed class Engines
{
    /// <summary>llama.cpp through this program's own binding.</summary>
    public const string Llama = "llama";

    /// <summary>llama.cpp through the package LLamaSharp: in builds with <c>-p:Engine=LLamaSharp</c> only.</summary>
    public const string LLamaSharp = "llamasharp";

#if LLAMASHARP
    /// <summary>The engine that measures where nobody says otherwise.</summary>
    public const string Default = LLamaSharp;
#else
    /// <summary>The engine that measures where nobody says otherwise.</summary>
    public const string Default = Llama;
#endif

    /// <summary>The engines of this build that bring libraries of their own.</summary>
#if LLAMASHARP
    public static IReadOnlyList<string> Packaged { get; } = [LLamaSharp];
#else
    public static IReadOnlyList<string> Packaged { get; } = [];
#endif

    private readonly LlamaEngineSource _llama;
    private readonly IReadOnlyList<IEngineSource> _sources;
    private string? _held;

    /// <summary>All engines; another one joins by a line here.</summary>
    /// <param name="error">Hears what is fetched.</param>
    public Engines(TextWriter error)
    {
        _llama = new LlamaEngineSource(error);
#if LLAMASHARP
        _sources = [_llama, new LLamaSharpEngineSource()];
#else
        _sources = [_llama];
#endif
    }

    /// <summary>What files are measured on where nobody says otherwise.</summary>
    public static RunTarget DefaultTarget { get; } =
        new()
        {
            Engine = Default,
            Backend = "cpu",
            DeviceLabel = "cpu",
        };

    /// <summary>The default engine on the best backend that works, not chosen yet.</summary>
    public static RunTarget AutoTarget { get; } =
        DefaultTarget with
        {
            Backend = BackendChooser.Auto,
            DeviceLabel = BackendChooser.Auto,
        };

    /// <summary>The engine of a name.</summary>
    /// <exception cref="UsageException">There is none, or not in this build.</exception>
    public IEngineSource Source(string name) =>
        _sources.FirstOrDefault(source => source.Name == name)
        ?? throw new UsageException(
            name == LLamaSharp
                ? $"--engine: '{name}' is not in this build; build it in: dotnet run --project src/EchoRate.Cli -p:Engine=LLamaSharp -- run …"
                : $"--engine: '{name}' is not allowed; allowed: {Llama}, {LLamaSharp}"
        );

    /// <summary>A target's engine, loaded into this process.</summary>
    /// <exception cref="NativeLibraryException">It cannot be loaded.</exception>
    public Task<IEngine> LoadAsync(RunTarget target, CancellationToken cancellation)
    {
        var source = Source(target.Engine);
        Hold(source.Name);
        return source.LoadAsync(target.Libraries, cancellation);
    }

    /// <summary>The default engine, loaded into this process.</summary>
    /// <exception cref="NativeLibraryException">It cannot be loaded.</exception>
    public Task<IEngine> EngineAsync(CancellationToken cancellation) =>
        LoadAsync(DefaultTarget, cancellation);

    /// <summary>llama.cpp's libraries, loaded into this process.</summary>
    /// <exception cref="NativeLibraryException">They cannot be had.</exception>
    public Task<LlamaLibrary> LibraryAsync(CancellationToken cancellation)
    {
        Hold(Llama);
        return _llama.LibraryAsync(cancellation);
    }

    // Before anything native is loaded. A second libllama would bind to the libggml-base of the first one, and compute nonsense or crash.
    private void Hold(string engine)
    {
        if (_held is not null && _held != engine)
        {
            throw new NativeLibraryException(
                $"this process holds the engine {_held} and cannot load {engine} as well: leave out --in-process, so that each has its own"
            );
        }
        _held = engine;
        // A failed assertion aborts the process; llama.cpp would first try to attach a debugger, which can hang.
        Environment.SetEnvironmentVariable("GGML_NO_BACKTRACE", "1");
    }
}
