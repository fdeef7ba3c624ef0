using EchoRate.Core.Engine;
using EchoRate.Llama.Interop;
using EchoRate.Llama.Loading;
using EchoRate.Llama.Logging;

namespace EchoRate.Llama;

/// <summary>A vocabulary that owns its model, which was loaded without weights.</summary>
internal sealed class LoadedVocabulary : ILoadedVocabulary
{
    private readonly ModelHandle _model;
    private readonly LlamaVocabulary _vocabulary;
    private readonly Action<string>? _log;

    private LoadedVocabulary(ModelHandle model, Action<string>? log)
    {
        _model = model;
        _log = log;
        _vocabulary = new LlamaVocabulary(model);
    }

    internal static LoadedVocabulary Load(
        string path,
        IReadOnlyDictionary<string, bool> metadataOverrides,
        Action<string>? log
    )
    {
        using var scope = new LogScope(log);
        using var nowhere = new Offloading(path, new LoadOptions());
        var model = ModelLoader.Load(path, metadataOverrides, nowhere, vocabularyOnly: true, scope);
        try
        {
            ModelLoader.CheckVocabulary(model, path);
            return new LoadedVocabulary(model, log);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Size => _vocabulary.Size;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Piece(int token) => _vocabulary.Piece(token);

    /// <inheritdoc/>
    public TokenKind Kind(int token) => _vocabulary.Kind(token);

    /// <inheritdoc/>
    public bool IsEndOfGeneration(int token) => _vocabulary.IsEndOfGeneration(token);

    /// <inheritdoc/>
    public int[] Tokenize(ReadOnlySpan<byte> utf8) => _vocabulary.Tokenize(utf8);

    /// <inheritdoc/>
    public void Dispose()
    {
        using var scope = new LogScope(_log);
        _model.Dispose();
    }
}
