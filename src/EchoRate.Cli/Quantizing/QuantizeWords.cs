using System.Globalization;
using System.Text.RegularExpressions;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.Quantizing;

/// <summary>How sizes and tensors are told to people.</summary>
internal static partial class QuantizeWords
{
    /// <summary><c>293,440 bytes</c>, <c>1.8 MB</c>, <c>17.1 GB</c>: decimal, as model pages and disks count.</summary>
    public static string Size(long bytes) =>
        bytes switch
        {
            < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes"),
            < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
        };

    /// <summary><c>1 file</c>, <c>2 files</c>.</summary>
    public static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    /// <summary>Every tensor that fell back, layers taken together: <c>Q4_K → Q5_0 (rows of 64): blk.*.attn_q.weight ×5</c>.</summary>
    public static IEnumerable<string> Fallbacks(QuantizePlan plan) =>
        plan
            .Fallbacks.GroupBy(fallback => (fallback.Wanted, fallback.Taken, fallback.RowLength))
            .Select(group =>
                $"{group.Key.Wanted} → {group.Key.Taken} (rows of {group.Key.RowLength.ToString(CultureInfo.InvariantCulture)}): "
                + string.Join(
                    ", ",
                    group
                        .CountBy(fallback => Layer().Replace(fallback.Name, "blk.*."))
                        .Select(pattern =>
                            pattern.Value == 1
                                ? group
                                    .First(fallback =>
                                        Layer().Replace(fallback.Name, "blk.*.") == pattern.Key
                                    )
                                    .Name
                                : string.Create(
                                    CultureInfo.InvariantCulture,
                                    $"{pattern.Key} ×{pattern.Value}"
                                )
                        )
                )
            );

    [GeneratedRegex(@"^blk\.\d+\.", RegexOptions.CultureInvariant)]
    private static partial Regex Layer();
}
