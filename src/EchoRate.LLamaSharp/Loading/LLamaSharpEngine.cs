using EchoRate.Core.Engine;
using EchoRate.LLamaSharp.Libraries;

namespace EchoRate.LLamaSharp.Loading;

/// <summary>The engine <c>llamasharp</c>: llama.cpp through the package LLamaSharp.</summary>
public sealed class LLamaSharpEngine : IEngine
{
    /// <summary>The engine's name.</summary>
    public const string EngineName = "llamasharp";

    private readonly LLamaSharpLibrary _library;
    private readonly int _threads;

    /// <summary>An engine on the libraries of this process.</summary>
    /// <param name="library">The libraries.</param>
    /// <param name="threads">Threads where nobody says otherwise: the physical cores. LLamaSharp's own guess is half the processors.</param>
    public LLamaSharpEngine(LLamaSharpLibrary library, int threads)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _library = library;
        _threads = threads;
    }

    public string Name => EngineName;
    public string Version => _library.Version;

    public EngineReport Report =>
        new()
        {
            LibraryFolder = _library.Folder,
            CpuLibrary = _library.CpuLibrary,
            GgmlVersion = _library.GgmlVersion,
            Plugin = _library.Plugin,
            Devices = _library.ReadDevices(),
            Notes = _library.Notes,
        };

    public IModelSession Load(string path, LoadOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        var session = new SessionLoader(_library, path, options, _threads).Load();
        if (session.Report.NotExact is not { } weights)
        {
            return session;
        }
        // What it multiplies otherwise would be a mixture: all of it is the library's then.
        session.Dispose();
        options = options with { IsExact = false };
        return new SessionLoader(_library, path, options, _threads) { NotExact = weights }.Load();
    }

    public ILoadedVocabulary LoadVocabulary(
        string path,
        IReadOnlyDictionary<string, bool> metadataOverrides,
        Action<string>? log = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(metadataOverrides);
        return ModelLoader.LoadVocabulary(path, metadataOverrides, log);
    }
}
