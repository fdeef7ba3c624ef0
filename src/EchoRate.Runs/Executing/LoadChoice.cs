using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Executing;

/// <summary>How a file is loaded: by its plan, by what its first rows were measured with, and by the memory that is free.</summary>
internal static class LoadChoice
{
    // Main memory left to everything else, in bytes.
    private const long MemoryMargin = 1L << 30;

    public static LoadOptions For(
        RunWork work,
        RunTarget target,
        OffloadPlan? plan,
        ModelFacts facts,
        JournalState kept
    )
    {
        var limits = new LoadOptions
        {
            // A file that is gone on with keeps the batches that it was begun with.
            Sequences = kept.File?.Sequences ?? Sequences(work, plan, facts),
            BatchSize = plan?.BatchSize ?? LoadOptions.DefaultBatchSize,
            Threads = work.Threads,
        };
        plan = target.Arithmetic == Arithmetic.Exact ? null : plan;
        var planned = plan?.GpuLayers ?? 0;
        // Rows that are there were measured with so many, whatever was planned.
        var layers = (kept.Rows > 0 ? kept.File?.GpuLayers : null) ?? planned;
        return work.Request.Plan(facts, limits) with
        {
            GpuLayers = layers,
            IsExact = IsExact(target),
            Contexts = layers == planned && work.Request.Look is null ? plan?.Contexts ?? 1 : 1,
            Devices =
                plan is { GpuLayers: > 0 } ? [.. plan.Devices.Select(at => at.Name)]
                : target.Device is { } device ? [device]
                : null,
            TensorSplit = plan?.TensorSplit,
            CpuExpertLayers = plan?.CpuExpertLayers ?? 0,
            WithoutSpacePrefix = facts.SpacePrefixForced,
        };
    }

    // On the CPU, unless the library's products are wanted. Where a GPU computes, a file that has no room on it is still compared with files that have.
    private static bool IsExact(RunTarget target) =>
        target.Arithmetic is { } wanted ? wanted == Arithmetic.Exact : target.Backend == "cpu";

    // The weights are mapped from the file; they need room all the same. A plan with a GPU has weighed the memory of both.
    private static int Sequences(RunWork work, OffloadPlan? plan, ModelFacts facts)
    {
        var most = plan?.Sequences ?? work.Sequences;
        return
            work.IsMemoryWeighed
            && plan is not { GpuLayers: > 0 }
            && facts.VocabularySize is { } vocabulary
            ? BatchPlan.RowsThatFit(
                FreeMemory() - MemoryMargin - (facts.FileBytes ?? 0),
                vocabulary,
                most
            )
            : most;
    }

    // Bytes of this machine that nothing uses now; where the process has a limit of its own, within that.
    private static long FreeMemory()
    {
        // The figures are those of the last collection.
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        var memory = GC.GetGCMemoryInfo();
        return Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
    }
}
