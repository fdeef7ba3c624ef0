using EchoRate.Core.Engine;

namespace EchoRate.Core.Tokens;

/// <summary>What rows need of a vocabulary.</summary>
public static class VocabularyExtensions
{
    /// <summary>A token as rows carry it.</summary>
    public static TokenBytes Token(this IVocabulary vocabulary, int id) =>
        new(id, vocabulary.Piece(id).ToArray());

    /// <summary>The bytes of several tokens, one after another.</summary>
    public static byte[] Join(this IVocabulary vocabulary, IEnumerable<int> ids) =>
        [.. ids.SelectMany(id => vocabulary.Piece(id).ToArray())];
}
