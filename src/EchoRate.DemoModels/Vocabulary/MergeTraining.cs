namespace EchoRate.DemoModels.Vocabulary;

/// <summary>Byte-pair training on a word list, continued until every word is one symbol.</summary>
/// <remarks>
/// Each round joins the most frequent adjacent pair everywhere; ties go to the pair that stands first in ordinal order.
/// Replaying the merges by rank takes the same steps, so each word of the list encodes to exactly one token. The symbols
/// are characters, a leading space among them: both tokenizer kinds spell it in their own way afterwards.
/// </remarks>
internal static class MergeTraining
{
    internal readonly record struct Merge(string Left, string Right)
    {
        internal string Text => Left + Right;
    }

    internal static IReadOnlyList<Merge> Train(IEnumerable<string> words)
    {
        var open = words
            .Distinct(StringComparer.Ordinal)
            .Select(word => word.Select(c => c.ToString()).ToList())
            .Where(symbols => symbols.Count > 1)
            .ToList();
        var merges = new List<Merge>();
        while (open.Count > 0)
        {
            var best = MostFrequentPair(open);
            merges.Add(best);
            foreach (var symbols in open)
            {
                Join(symbols, best);
            }
            open.RemoveAll(symbols => symbols.Count == 1);
        }
        return merges;
    }

    private static Merge MostFrequentPair(List<List<string>> words)
    {
        var counts = new Dictionary<Merge, int>();
        foreach (var symbols in words)
        {
            for (var i = 1; i < symbols.Count; i++)
            {
                var pair = new Merge(symbols[i - 1], symbols[i]);
                counts[pair] = counts.GetValueOrDefault(pair) + 1;
            }
        }
        return counts
            .OrderByDescending(entry => entry.Value)
            .ThenBy(entry => entry.Key.Left, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.Right, StringComparer.Ordinal)
            .First()
            .Key;
    }

    private static void Join(List<string> symbols, Merge merge)
    {
        for (var i = 0; i + 1 < symbols.Count; i++)
        {
            if (symbols[i] == merge.Left && symbols[i + 1] == merge.Right)
            {
                symbols[i] = merge.Text;
                symbols.RemoveAt(i + 1);
            }
        }
    }
}
