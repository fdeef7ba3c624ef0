namespace EchoRate.Hub.Reading;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class Nearest
{
    // Longer than any key, name or quantization; keeps the quadratic distance cheap on hostile input.
    private const int LongestCompared = 64;

    /// <summary>The candidate with the fewest edits, when they are few enough to be a slip; else null.</summary>
    public static string? Of(string given, IReadOnlyList<string> candidates)
    {
        if (given.Length is 0 or > LongestCompared)
        {
            return null;
        }
        (string Name, int Edits)[] ranked =
        [
            .. candidates
                .Select(name => (name, Distance(Fold(given), Fold(name))))
                .OrderBy(pair => pair.Item2),
        ];
        return ranked.Length > 0 && ranked[0].Edits <= Math.Max(1, ranked[0].Name.Length / 3)
            ? ranked[0].Name
            : null;
    }

    private static string Fold(string text) => text.ToUpperInvariant().Replace('-', '_');

    // Levenshtein's distance with swaps of neighbours (optimal string alignment).
    private static int Distance(string a, string b)
    {
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                edits[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1,
                        edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                    ),
                };
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }
        return edits[a.Length, b.Length];
    }
}
