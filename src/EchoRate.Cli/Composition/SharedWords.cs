using System.Text;
using EchoRate.Core.Tokens;
using EchoRate.Gguf;

namespace EchoRate.Cli.Composition;

/// <summary>The words that are one token in every model of a run, from the headers alone: what <c>common:N</c> is drawn from.</summary>
public static class SharedWords
{
    /// <summary>The words, each a space and letters, in the order of their bytes.</summary>
    /// <param name="headers">The model files' headers; files of one vocabulary may stand several times.</param>
    public static IReadOnlyList<byte[]> Of(IEnumerable<GgufFile> headers)
    {
        // Words are UTF-8 by definition, so that a string is as good as its bytes.
        var words = headers.Select(WordsOf).ToList();
        var shared = words.FirstOrDefault() ?? [];
        words.ForEach(shared.IntersectWith);
        return [.. shared.Order(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
    }

    private static HashSet<string> WordsOf(GgufFile file) =>
        GgufPieces.Of(file) is not { } pieces
            ? []
            :
            [
                .. Enumerable
                    .Range(0, pieces.Count)
                    .Where(pieces.IsNormal)
                    .Select(pieces.Piece)
                    .OfType<byte[]>()
                    .Where(piece => OrdinaryTokens.IsWord(piece))
                    .Select(Encoding.UTF8.GetString),
            ];
}
