using System.Globalization;
using EchoRate.Cli.Quantizing;
using EchoRate.Hub.Pulling;

namespace EchoRate.Cli.Pulling;

/// <summary>How a pull is told to people.</summary>
internal static class PullWords
{
    /// <summary>What is to be fetched, once all files were asked for; null where nothing is.</summary>
    public static string? Plan(int files, long bytes) =>
        files == 0
            ? null
            : $"{QuantizeWords.Count(files, "file")} to fetch, {QuantizeWords.Size(bytes)}";

    /// <summary>How it went with a file.</summary>
    public static string End(PullResult result, long bytes, TimeSpan time) =>
        result.Outcome switch
        {
            PullOutcome.Here => $"{result.Wanted.Name}: here, verified before",
            PullOutcome.Verified =>
                $"{result.Wanted.Name}: here, verified, {QuantizeWords.Size(bytes)}{Rate(bytes, time)}",
            PullOutcome.Fetched =>
                $"{result.Wanted.Name}: fetched and verified, {QuantizeWords.Size(bytes)}{Rate(bytes, time)}",
            _ => $"{result.Wanted.Name}: failed",
        };

    /// <summary>How far a file is.</summary>
    public static string Far(WantedFile file, long done, long bytes, long since, TimeSpan time)
    {
        var rate = time.TotalSeconds > 0 ? since / time.TotalSeconds : 0;
        var left =
            rate > 0 ? TimeSpan.FromSeconds(Math.Min((bytes - done) / rate, 8e6)) : (TimeSpan?)null;
        return string.Create(
                CultureInfo.InvariantCulture,
                $"{file.Name}: {100.0 * done / Math.Max(1, bytes):F0} % of {QuantizeWords.Size(bytes)}{Rate(since, time)}"
            )
            + (
                left is { } span
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $", {(int)span.TotalHours}:{span:mm\\:ss} left"
                    )
                    : ""
            );
    }

    private static string Rate(long bytes, TimeSpan time) =>
        time.TotalSeconds < 0.01
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $", {bytes / 1e6 / time.TotalSeconds:F1} MB/s"
            );
}
