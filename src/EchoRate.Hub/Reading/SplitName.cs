using System.Globalization;
using System.Text.RegularExpressions;

namespace EchoRate.Hub.Reading;

/// <summary>
/// The name of one part of a split GGUF file: <c>prefix-00002-of-00003.gguf</c>.
/// llama.cpp is given the first part and derives the other names from it, so they must agree to the letter.
/// </summary>
internal sealed partial record SplitName(string Prefix, int Number, int Count)
{
    /// <summary>The name's three facts; null when the path is not that of a part.</summary>
    public static SplitName? Parse(string path)
    {
        Match match = Pattern().Match(path);
        return match.Success
            ? new SplitName(match.Groups[1].Value, Digits(match.Groups[2]), Digits(match.Groups[3]))
            : null;
    }

    private static int Digits(Group group) =>
        int.Parse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A(.+)-([0-9]{5})-of-([0-9]{5})\.gguf\z")]
    private static partial Regex Pattern();
}
