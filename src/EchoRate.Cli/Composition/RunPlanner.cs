using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Machine.Host;
using EchoRate.Machine.Planning;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>Plans where the files of a run go, with the memory that is free when it begins.</summary>
internal static class RunPlanner
{
    // Rows and tokens of a batch, the widest first. The first is what a run has on the CPU.
    private static readonly (int Sequences, int Tokens)[] _widths =
    [
        (LoadOptions.MostSequences, LoadOptions.DefaultBatchSize),
        (LoadOptions.MostSequences, LoadOptions.MostSequences),
        (128, 128),
        (64, 64),
        (32, 32),
        (16, 16),
        (8, 8),
    ];

    /// <summary>The plans of a run, for all files on targets that have a GPU, or were to have one.</summary>
    public static IReadOnlyList<OffloadPlan> Plan(RunPlan run, IReadOnlyList<ReadyTarget> ready)
    {
        if (!ready.Any(target => IsPlanned(run, target)))
        {
            return [];
        }
        var host = HostMemory.Now();
        var plans = new List<OffloadPlan>();
        foreach (var (place, job) in run.Files.Index().Where(one => one.Item.Barred is null))
        {
            var shape = ModelShape.From(job.Header!, job.Facts.Name);
            var batches = Batches(run, job);
            var ofFile = ready
                .Select(target => (Target: target, Plan: Plan(run, target, host, shape, batches)))
                .ToList();
            // The same batches on all targets of a file: their width shows in the last digits, and it is devices that are compared.
            var narrowest = ofFile
                .Where(one => one.Plan.GpuLayers > 0)
                .Select(one => one.Plan.Batch)
                .MinBy(batch => (batch.Sequences, batch.BatchSize));
            foreach (var (number, (target, plan)) in ofFile.Index())
            {
                plans.Add(
                    (
                        narrowest is null || plan.Batch == narrowest
                            ? plan
                            : Plan(run, target, host, shape, [narrowest])
                    ) with
                    {
                        Index = (place * ready.Count) + number + 1,
                        Sequences = narrowest?.Sequences,
                        BatchSize = narrowest?.BatchSize,
                        IsGpuWanted = GpuOptions.IsGpuWanted(run.Request, target.Target),
                    }
                );
            }
        }
        return plans;
    }

    /// <summary>The batches that would do for a file, the widest first; the user may have said how many rows.</summary>
    public static IReadOnlyList<BatchShape> Batches(
        ProbeRequest request,
        ModelFacts facts,
        int? sequences
    ) =>
        [
            .. (
                sequences is { } rows
                    ? [(rows, LoadOptions.DefaultBatchSize), (rows, rows)]
                    : _widths
            )
                .Select(width =>
                    request.Plan(
                        facts,
                        new LoadOptions { Sequences = width.Item1, BatchSize = width.Item2 }
                    )
                )
                .Select(load => new BatchShape(load.Sequences, load.BatchSize, load.CacheSize))
                .Distinct(),
        ];

    private static IReadOnlyList<BatchShape> Batches(RunPlan run, FileJob job) =>
        Batches(run.Probes, job.Facts, run.Request.Sequences);

    private static bool IsPlanned(RunPlan run, ReadyTarget target) =>
        target.Engine is { } engine
        && (
            GpuOptions.IsGpuWanted(run.Request, target.Target)
            || TargetFinder.DevicesOf(target.Target.Backend, engine).Any(device => device.IsGpu)
        );

    private static OffloadPlan Plan(
        RunPlan run,
        ReadyTarget target,
        HostMemory host,
        ModelShape shape,
        IReadOnlyList<BatchShape> batches
    ) =>
        OffloadPlanner.Plan(
            new PlanInput
            {
                Model = shape,
                Devices = TargetFinder.DevicesOf(target.Target.Backend, target.Engine),
                Host = host,
                Batches = batches,
                Wishes = GpuOptions.Wishes(run.Request, target.Target),
            }
        );
}
