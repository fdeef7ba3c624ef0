using System.Text;
using EchoRate.Gguf;

namespace EchoRate.Tests.DemoModels;

/// <summary>SentencePiece's merging, written for these tests from its description: join the pair of the highest score, leftmost first.</summary>
internal sealed class SpmSimulation
{
    private readonly Dictionary<string, int> _ids;
    private readonly float[] _scores;

    internal SpmSimulation(GgufFile file)
    {
        var texts = file.Metadata.Texts("tokenizer.ggml.tokens")!;
        _ids = Enumerable.Range(0, texts.Count).ToDictionary(texts.Text, id => id);
        _scores = file.Metadata["tokenizer.ggml.scores"]!.AsSpan<float>().ToArray();
    }

    internal IReadOnlyList<int> Tokenize(string text)
    {
        var symbols = text.Replace(' ', '▁')
            .EnumerateRunes()
            .Select(rune => rune.ToString())
            .ToList();
        while (true)
        {
            var best = -1;
            for (var i = 0; i + 1 < symbols.Count; i++)
            {
                if (
                    _ids.TryGetValue(symbols[i] + symbols[i + 1], out var id)
                    && (best < 0 || _scores[id] > _scores[_ids[symbols[best] + symbols[best + 1]]])
                )
                {
                    best = i;
                }
            }
            if (best < 0)
            {
                return [.. symbols.SelectMany(Ids)];
            }
            symbols[best] += symbols[best + 1];
            symbols.RemoveAt(best + 1);
        }
    }

    private IEnumerable<int> Ids(string symbol) =>
        _ids.TryGetValue(symbol, out var id)
            ? [id]
            : Encoding.UTF8.GetBytes(symbol).Select(value => _ids[$"<0x{value:X2}>"]);
}
