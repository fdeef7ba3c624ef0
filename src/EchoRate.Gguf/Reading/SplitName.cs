using System.Globalization;
using System.Text.RegularExpressions;

namespace EchoRate.Gguf;

/// <summary>The names of a split model's parts: `model-00001-of-00003.gguf`, numbered from 1.</summary>
internal static partial class SplitName
{
    /// <summary>The path without the part's ending; null when it has none or another count.</summary>
    internal static string? Prefix(string path, long index, long count)
    {
        var ending = Ending(index, count);
        return path.EndsWith(ending, StringComparison.Ordinal) && path.Length > ending.Length
            ? path[..^ending.Length]
            : null;
    }

    internal static string Path(string prefix, long index, long count) =>
        prefix + Ending(index, count);

    /// <summary>A file name without extension and part number.</summary>
    internal static string Strip(string fileName)
    {
        var match = Part().Match(fileName);
        return match.Success && match.Index > 0 ? fileName[..match.Index] : fileName;
    }

    private static string Ending(long index, long count) =>
        string.Create(CultureInfo.InvariantCulture, $"-{index + 1:D5}-of-{count:D5}.gguf");

    [GeneratedRegex(@"-\d{5}-of-\d{5}$", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
