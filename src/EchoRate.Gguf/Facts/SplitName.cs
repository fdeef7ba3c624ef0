using System.Text.RegularExpressions;

namespace EchoRate.Gguf;

/// <summary>
/// The name of one part of a split model: <c>prefix-00002-of-00003.gguf</c>. llama.cpp is given the first part and derives the other names
/// from it, so they must agree to the letter.
/// </summary>
/// <param name="Prefix">What the parts have in common.</param>
/// <param name="Number">The part, counted from 1.</param>
/// <param name="Count">How many parts there are.</param>
public sealed partial record SplitName(string Prefix, int Number, int Count)
{
    /// <summary>The name's three facts; null when the path is not that of a part.</summary>
    public static SplitName? Parse(string path)
    {
        var match = Pattern().Match(path);
        return match.Success
            ? new(
                match.Groups[1].Value,
                int.Parse(match.Groups[2].Value),
                int.Parse(match.Groups[3].Value)
            )
            : null;
    }

    public override string ToString() => $"{Prefix}-{Number:D5}-of-{Count:D5}.gguf";

    [GeneratedRegex(@"\A(.+)-([0-9]{5})-of-([0-9]{5})\.gguf\z", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
