using EchoRate.Core.Engine;

namespace EchoRate.Core.LlamaCpp;

/// <summary>A vocabulary that owns its model, which was loaded without weights.</summary>
/// <param name="model">The model's handle.</param>
/// <param name="vocabulary">Its vocabulary.</param>
/// <param name="log">Receives what llama.cpp says when the model goes; null drops it.</param>
public sealed class OwnedVocabulary(IDisposable model, IVocabulary vocabulary, Action<string>? log)
    : ILoadedVocabulary
{
    /// <inheritdoc/>
    public int Size => vocabulary.Size;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Piece(int token) => vocabulary.Piece(token);

    /// <inheritdoc/>
    public TokenKind Kind(int token) => vocabulary.Kind(token);

    /// <inheritdoc/>
    public bool IsEndOfGeneration(int token) => vocabulary.IsEndOfGeneration(token);

    /// <inheritdoc/>
    public int[] Tokenize(ReadOnlySpan<byte> utf8) => vocabulary.Tokenize(utf8);

    /// <inheritdoc/>
    public void Dispose()
    {
        using var scope = new LogScope(log);
        model.Dispose();
    }
}
