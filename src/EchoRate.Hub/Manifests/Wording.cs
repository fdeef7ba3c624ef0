using EchoRate.Core.Text;

namespace EchoRate.Hub.Manifests;

/// <summary>How text from outside is shown in a one-line message.</summary>
internal static class Wording
{
    private const int LongestShown = 60;

    // Longer than any key, name or quantization; keeps the quadratic distance cheap on hostile input.
    private const int LongestCompared = 64;

    /// <summary>The text in single quotes, cut when long, with escapes for what a terminal would not print.</summary>
    public static string Quote(string text) =>
        text.Length <= LongestShown
            ? $"'{Plain(text)}'"
            : $"'{Plain(text[..LongestShown])}…' ({text.Length} characters)";

    /// <summary>The text on one line.</summary>
    public static string Plain(string text) =>
        TerminalText.Escaped(text.ReplaceLineEndings("\\n").Replace("\t", "\\t"));

    /// <summary><c> (did you mean 'x'?)</c> for the candidate with the fewest edits, when they are few enough to be a slip; else nothing.</summary>
    public static string DidYouMean(string given, IReadOnlyList<string> candidates)
    {
        if (given.Length is 0 or > LongestCompared || candidates.Count == 0)
        {
            return "";
        }
        var (name, edits) = candidates
            .Select(name => (name, Edits: Distance(Fold(given), Fold(name))))
            .MinBy(pair => pair.Edits);
        return edits <= Math.Max(1, name.Length / 3) ? $" (did you mean '{name}'?)" : "";
    }

    private static string Fold(string text) => text.ToUpperInvariant().Replace('-', '_');

    // Levenshtein's distance with swaps of neighbours (optimal string alignment).
    private static int Distance(string a, string b)
    {
        var edits = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }
                var replaced = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var added = Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1;
                var isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                var swapped = isSwap ? edits[i - 2, j - 2] + 1 : replaced;
                edits[i, j] = Math.Min(Math.Min(replaced, added), swapped);
            }
        }
        return edits[a.Length, b.Length];
    }
}
