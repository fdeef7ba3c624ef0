using System.Text;
using EchoRate.Core.Tokens;
using EchoRate.Gguf;

namespace EchoRate.Runs.Files;

/// <summary>The words that are one token in every model of a run, from the headers alone: what <c>common:N</c> is drawn from.</summary>
public static class SharedWords
{
    /// <summary>The words, each a space and letters, in the order of their bytes.</summary>
    /// <param name="headers">The model files' headers; files of one vocabulary may stand several times.</param>
    public static IReadOnlyList<byte[]> Of(IEnumerable<GgufFile> headers)
    {
        HashSet<string>? shared = null;
        foreach (var header in headers)
        {
            // Words are UTF-8 by definition, so that a string is as good as its bytes.
            var words = WordsOf(header);
            if (shared is null)
            {
                shared = words;
            }
            else
            {
                shared.IntersectWith(words);
            }
        }
        return [.. (shared ?? []).Order(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
    }

    private static HashSet<string> WordsOf(GgufFile file)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        if (GgufPieces.Of(file) is not { } pieces)
        {
            return words;
        }
        for (var id = 0; id < pieces.Count; id++)
        {
            if (
                pieces.IsNormal(id)
                && pieces.Piece(id) is { } piece
                && OrdinaryTokens.IsWord(piece)
            )
            {
                words.Add(Encoding.UTF8.GetString(piece));
            }
        }
        return words;
    }
}
