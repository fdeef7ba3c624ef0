using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Executing;

/// <summary>What the rows of one file must have in common to stand side by side, whoever measured them.</summary>
public static class FileConditions
{
    /// <summary>The first condition in which two records of a file differ; null where none does.</summary>
    /// <param name="was">The record of the rows that are there.</param>
    /// <param name="now">The record of those to come.</param>
    /// <param name="withThreads">Whether the number of threads counts: it does within a process, not between shards.</param>
    public static (string What, string? Was, string? Now)? DifferenceTo(
        this FileRecord was,
        FileRecord now,
        bool withThreads = true
    )
    {
        (string, string?, string?)?[] conditions =
        [
            ("sha256", was.Facts.Sha256, now.Facts.Sha256),
            ("device", was.Device, now.Device),
            ("arithmetic", $"{was.Arithmetic}", $"{now.Arithmetic}"),
            ("gpu_layers", $"{was.GpuLayers}", $"{now.GpuLayers}"),
            ("threads", withThreads ? $"{was.Threads}" : "", withThreads ? $"{now.Threads}" : ""),
            ("sequences", $"{was.Sequences}", $"{now.Sequences}"),
            ("engine_version", was.EngineVersion, now.EngineVersion),
        ];
        return conditions.FirstOrDefault(pair => pair!.Value.Item2 != pair.Value.Item3);
    }

    /// <summary>The record of a file that was loaded.</summary>
    /// <param name="record">The record of the file before.</param>
    /// <param name="session">The loaded file.</param>
    /// <param name="loadMs">Loading, in milliseconds.</param>
    public static FileRecord Loaded(this FileRecord record, IModelSession session, double loadMs)
    {
        var report = session.Report;
        record = record with
        {
            Backend = report.Backend,
            Device = report.Device,
            GpuLayers = report.GpuLayers,
            Arithmetic = report.Arithmetic,
            Threads = report.Threads,
            Sequences = session.SequenceCount,
            LoadMs = loadMs,
        };
        return report.NotExact is not { } weights
            ? record
            : record with
            {
                Flags = [.. record.Flags.Union([RowFlags.NotExact])],
                Reason =
                    $"library arithmetic: this architecture multiplies {weights} in a way that exact arithmetic does not know",
            };
    }

    /// <summary>The record with rows per second; none where no row was measured.</summary>
    /// <param name="record">The record, its time of decoding known.</param>
    /// <param name="measured">Rows measured in that time.</param>
    public static FileRecord WithSpeed(this FileRecord record, long measured) =>
        record with
        {
            RowsPerSecond =
                measured > 0 && record.DecodeMs > 0 ? measured / (record.DecodeMs / 1000) : null,
        };
}
