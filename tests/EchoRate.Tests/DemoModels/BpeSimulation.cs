using System.Text;
using System.Text.RegularExpressions;
using EchoRate.Gguf;

namespace EchoRate.Tests.DemoModels;

/// <summary>Byte-level BPE with Qwen2's splitting, written for these tests from its description: join the pair of the lowest rank, leftmost first.</summary>
internal sealed partial class BpeSimulation
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int> _ranks;

    internal BpeSimulation(GgufFile file)
    {
        var texts = file.Metadata.Texts("tokenizer.ggml.tokens")!;
        _ids = Enumerable.Range(0, texts.Count).ToDictionary(texts.Text, id => id);
        var merges = file.Metadata.Texts("tokenizer.ggml.merges")!;
        _ranks = Enumerable.Range(0, merges.Count).ToDictionary(merges.Text, rank => rank);
    }

    internal IReadOnlyList<int> Tokenize(string text) =>
        [
            .. Split()
                .Matches(text)
                .SelectMany(match => Merge(match.Value))
                .Select(piece => _ids[piece]),
        ];

    private List<string> Merge(string part)
    {
        var symbols = Encoding.UTF8.GetBytes(part).Select(Spell).ToList();
        while (true)
        {
            var (rank, at) = Enumerable
                .Range(0, symbols.Count - 1)
                .Select(i =>
                    (_ranks.GetValueOrDefault($"{symbols[i]} {symbols[i + 1]}", int.MaxValue), i)
                )
                .DefaultIfEmpty((int.MaxValue, 0))
                .Min();
            if (rank == int.MaxValue)
            {
                return symbols;
            }
            symbols[at] += symbols[at + 1];
            symbols.RemoveAt(at + 1);
        }
    }

    // GPT-2's rule: printable Latin-1 stands for itself, the n-th of the others for U+0100 + n.
    private static string Spell(byte value)
    {
        bool Prints(int b) => b is >= '!' and <= '~' or >= '¡' and <= 'ÿ' and not 0xAD;
        return Prints(value)
            ? ((char)value).ToString()
            : ((char)(0x100 + Enumerable.Range(0, value).Count(b => !Prints(b)))).ToString();
    }

    [GeneratedRegex(
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )]
    private static partial Regex Split();
}
