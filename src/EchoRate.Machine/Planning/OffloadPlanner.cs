using EchoRate.Core.Engine;

namespace EchoRate.Machine.Planning;

/// <summary>
/// Decides where a model goes: a pure function of the file's header, the batches, and the memory that is free. It never plans over what is
/// free without the margin, unless it is asked to; with more memory it never puts fewer layers on GPUs.
/// </summary>
public static class OffloadPlanner
{
    // Narrower batches buy a layer or two and cost more than those save, unless they are the way to have all of them.
    private const int NarrowSequences = 64;

    /// <summary>The plan.</summary>
    public static OffloadPlan Plan(PlanInput input)
    {
        var gpus = GpuBudget.Of(input);
        var (batch, placement) =
            gpus.Count == 0 || input.Wishes.GpuLayers == 0 ? OnHost(input, gpus)
            : input.Wishes.GpuLayers is { } asked ? Asked(input, gpus, asked)
            : Automatic(input, gpus);
        var doubled = Doubled(input, gpus, batch, placement);
        placement = doubled ?? placement;
        var plan = new OffloadPlan
        {
            GpuLayers = placement.Whole.GpuLayers,
            Layers = input.Model.Layers,
            Devices =
            [
                .. gpus.Zip(placement.Counts, placement.Bytes)
                    .Where(gpu => gpu.Second > 0)
                    .Select(gpu => new DevicePlan(
                        gpu.First.Device.Name,
                        gpu.First.Device.Description,
                        gpu.Second,
                        gpu.Third,
                        gpu.First.FreeBytes,
                        gpu.First.TotalBytes
                    )),
            ],
            CpuExpertLayers = placement.Whole.CpuExperts,
            Batch = batch,
            HasSecondContext = doubled is not null,
            HostBytes = placement.HostBytes,
            IsOverCommitted = !placement.Fits,
            IsEstimated = input.Model.IsEstimated,
            Fallbacks = Fallbacks(input, gpus, batch, placement),
            Reason = PlanWording.WhyNone(input, gpus, placement),
            Explanation = "",
        };
        return plan with { Explanation = PlanWording.Explain(input, plan) };
    }

    private static (BatchShape, Placement) OnHost(PlanInput input, IReadOnlyList<GpuBudget> gpus)
    {
        var batch =
            input.Batches.FirstOrDefault(batch => FitsHost(input, gpus, batch))
            ?? input.Batches[^1];
        return (batch, new Placements(input, gpus, batch).OnHost());

        static bool FitsHost(PlanInput input, IReadOnlyList<GpuBudget> gpus, BatchShape batch) =>
            IsInHost(input, new Placements(input, gpus, batch).OnHost());
    }

    private static (BatchShape, Placement) Asked(
        PlanInput input,
        IReadOnlyList<GpuBudget> gpus,
        int layers
    )
    {
        layers =
            layers == PlanWishes.AllLayers
                ? input.Model.Layers
                : Math.Min(layers, input.Model.Layers);
        var all = input
            .Batches.Select(batch => (batch, new Placements(input, gpus, batch).Asked(layers)))
            .ToList();
        return all.Find(one => one.Item2.Fits) is { batch: not null } fitting
            ? fitting
            : all.Find(one => one.batch == Narrow(input));
    }

    private static (BatchShape, Placement) Automatic(PlanInput input, IReadOnlyList<GpuBudget> gpus)
    {
        var all = input
            .Batches.Select(batch =>
                (Batch: batch, Best: new Placements(input, gpus, batch).Best())
            )
            .ToList();
        var most =
            all.Find(one => IsWhole(input, one.Best)).Best
            ?? all.Find(one => one.Batch == Narrow(input)).Best;
        if (most is null)
        {
            return OnHost(input, gpus);
        }
        var same = all.FindAll(one => one.Best is { } best && best.Whole == most.Whole);
        var chosen = same.Find(one => IsInHost(input, one.Best!)) is { Best: not null } roomy
            ? roomy
            : same[^1];
        return (chosen.Batch, chosen.Best!);
    }

    private static bool IsWhole(PlanInput input, Placement? placement) =>
        placement is { Whole: var whole }
        && whole.GpuLayers == input.Model.Layers
        && whole.CpuExperts <= (input.Wishes.CpuExpertLayers ?? 0);

    // A second context is what memory is spent on last: it never costs a layer or a row of a batch. Threads that compute layers on the CPU would
    // be in the way of those that read logits, so nothing may stay there.
    private static Placement? Doubled(
        PlanInput input,
        IReadOnlyList<GpuBudget> gpus,
        BatchShape batch,
        Placement placement
    )
    {
        var isOnGpus =
            placement.Whole is { CpuExperts: 0, GpuLayers: var layers }
            && layers == input.Model.Layers;
        if (!isOnGpus || batch.Sequences == 1)
        {
            return null;
        }
        var doubled = new Placements(input, gpus, batch, contexts: 2).Like(placement);
        // Where a GPU uses the host's memory, both take it from the same.
        var onHost = gpus.Zip(doubled.Bytes)
            .Where(gpu => GpuBudget.SharesHostMemory(gpu.First.Device))
            .Sum(gpu => gpu.Second);
        return
            doubled.Fits && IsInHost(input, doubled with { HostBytes = doubled.HostBytes + onHost })
            ? doubled
            : null;
    }

    private static bool IsInHost(PlanInput input, Placement placement) =>
        placement.HostBytes + input.Wishes.MarginBytes
        <= (input.Host.AvailableBytes ?? input.Host.TotalBytes);

    private static BatchShape Narrow(PlanInput input) =>
        input.Batches.FirstOrDefault(batch =>
            batch.Sequences <= NarrowSequences && batch.BatchSize <= NarrowSequences
        ) ?? input.Batches[^1];

    // Twice fewer, then the CPU. What was asked for beyond what fits goes back to what fits first.
    private static List<int> Fallbacks(
        PlanInput input,
        IReadOnlyList<GpuBudget> gpus,
        BatchShape batch,
        Placement placement
    )
    {
        var layers = placement.Whole.GpuLayers;
        if (layers == 0)
        {
            return [];
        }
        var fitting = placement.Fits
            ? 0
            : new Placements(input, gpus, batch).Best()?.Whole.GpuLayers ?? 0;
        var first = fitting > 0 && fitting < layers ? fitting : layers * 3 / 4;
        int[] fewer = [first, first / 2, 0];
        return [.. fewer.Distinct()];
    }
}
