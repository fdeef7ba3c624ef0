using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Results;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;
using EchoRate.Runs.Rendering;

namespace EchoRate.Cli.Composition;

/// <summary>What a run ends with, measured here or merged: its CSV files, its tables, its provenance closed, its exit code.</summary>
internal sealed class RunEnding(UserTerminal terminal, TimeProvider clock)
{
    /// <summary>Renders the journals of a folder, all of them complete.</summary>
    /// <returns>The exit code.</returns>
    public int Finish(RunFolder folder, RunInfo info, CsvProfile profile)
    {
        var tables = new RunTables();
        var comparer = new RunComparer(info.Reference, info.Seed);
        var summary = new RunRenderer(folder, profile, comparer).Render(
            tables.See,
            withContrasts: info.Shard is null
        );
        // Last of all: whoever reads `finished` finds every file whole.
        (info with { Finished = clock.GetLocalNow() }).Write(folder.InfoPath);
        terminal.Out.Write(tables.Render(summary, info.ItemSets, info.PromptSets, terminal));
        terminal.Error.WriteLine($"CSV files: {folder.Path}");
        if (info.Shard is { } shard)
        {
            terminal.Error.WriteLine(
                $"These are the rows of shard {shard}; echorate merge makes one run of all {shard.Count}"
            );
        }
        return CodeOf(summary, tables, info);
    }

    // More shards than batches: one that had nothing to do has done it.
    private static int CodeOf(RunSummary summary, RunTables tables, RunInfo info) =>
        tables.Measured + tables.Unmeasured == 0 && info.Shard is not null ? ExitCode.Done
        : tables.Measured == 0 ? ExitCode.NothingMeasured
        : tables.Unmeasured > 0 || summary.Files.Any(file => !file.File.Status.IsMeasurement())
            ? ExitCode.SomeFailed
        : ExitCode.Done;
}
