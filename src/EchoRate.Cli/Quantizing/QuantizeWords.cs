using System.Text.RegularExpressions;
using EchoRate.Core.Models;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.Quantizing;

/// <summary>How sizes, files and tensors are told to people.</summary>
internal static partial class QuantizeWords
{
    /// <summary><c>293,440 bytes</c>, <c>1.8 MB</c>, <c>17.1 GB</c>: decimal, as model pages and disks count.</summary>
    public static string Size(long bytes) =>
        bytes switch
        {
            < 1_000_000 => $"{bytes:N0} bytes",
            < 1_000_000_000 => $"{bytes / 1e6:F1} MB",
            _ => $"{bytes / 1e9:F1} GB",
        };

    /// <summary><c>1 file</c>, <c>2 files</c>.</summary>
    public static string Count(int count, string what) =>
        $"{count} {what}{(count == 1 ? "" : "s")}";

    /// <summary>What is to be made, what it takes, and which tensors fall back.</summary>
    public static IEnumerable<string> Announcement(QuantizeJob job)
    {
        var facts = ModelFacts.From(job.Source);
        var toMake = job.ToMake;
        yield return $"{facts.Model} {facts.Quantization} ({Size(job.Source.FileBytes)}): {Count(toMake.Count, "file")} to make, {Size(job.BytesToMake)}"
            + (job.FreeBytes is { } free ? $" of {Size(free)} free" : "");
        foreach (var file in job.Files)
        {
            var remark = file.State switch
            {
                FileState.Here => ", already here",
                FileState.IsSource => ", the source itself",
                FileState.Outdated => ", made again: the source has changed",
                _ => "",
            };
            yield return $"  {file.Name}: {Size(file.FileBytes)}, {file.BitsPerWeight:F2} bits per weight{remark}";
            foreach (var fallback in toMake.Contains(file) ? Fallbacks(file.Plan) : [])
            {
                yield return "    falls back: " + fallback;
            }
        }
    }

    // Every tensor that fell back, layers taken together: Q4_K → Q5_0 (rows of 64): blk.*.attn_q.weight ×5.
    private static IEnumerable<string> Fallbacks(QuantizePlan plan) =>
        plan
            .Fallbacks.GroupBy(fallback => (fallback.Wanted, fallback.Taken, fallback.RowLength))
            .Select(group =>
            {
                var names = group
                    .GroupBy(fallback => Layer().Replace(fallback.Name, "blk.*."))
                    .Select(same =>
                        same.Count() == 1 ? same.First().Name : $"{same.Key} ×{same.Count()}"
                    );
                return $"{group.Key.Wanted} → {group.Key.Taken} (rows of {group.Key.RowLength}): {string.Join(", ", names)}";
            });

    [GeneratedRegex(@"^blk\.\d+\.")]
    private static partial Regex Layer();
}
