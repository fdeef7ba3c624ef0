using EchoRate.Core.Engine;
using EchoRate.Llama.Loading;

namespace EchoRate.Llama;

/// <summary>The engine <c>llama</c>: llama.cpp through this program's own binding.</summary>
public sealed class LlamaEngine : IEngine
{
    private readonly LlamaLibrary _library;

    /// <summary>An engine on the libraries of this process.</summary>
    public LlamaEngine(LlamaLibrary library)
    {
        ArgumentNullException.ThrowIfNull(library);
        _library = library;
    }

    /// <inheritdoc/>
    public string Name => "llama";

    /// <inheritdoc/>
    public string Version => _library.Version;

    /// <inheritdoc/>
    public EngineReport Report =>
        new()
        {
            LibraryFolder = _library.Folder,
            CpuLibrary = _library.CpuLibrary,
            Devices = _library.ReadDevices(),
        };

    /// <inheritdoc/>
    public IModelSession Load(string path, LoadOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        return new SessionLoader(_library, path, options).Load();
    }

    /// <inheritdoc/>
    public ILoadedVocabulary LoadVocabulary(
        string path,
        IReadOnlyDictionary<string, bool> metadataOverrides,
        Action<string>? log = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(metadataOverrides);
        return VocabularyLoader.Load(path, metadataOverrides, log);
    }
}
