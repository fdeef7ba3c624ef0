using EchoRate.Core.Engine;

namespace EchoRate.Machine.Planning;

/// <summary>
/// Decides where a model goes: a pure function of the file's header, the batches, and the memory that is free. It never plans over what is
/// free without the margin, unless it is asked to; with more memory it never puts fewer layers on GPUs.
/// </summary>
public sealed class OffloadPlanner
{
    // Narrower batches buy a layer or two and cost more than those save, unless they are the way to have all of them.
    private const int NarrowSequences = 64;

    private readonly PlanInput _input;
    private readonly IReadOnlyList<GpuBudget> _gpus;

    private OffloadPlanner(PlanInput input) => (_input, _gpus) = (input, GpuBudget.Of(input));

    public static OffloadPlan Plan(PlanInput input) => new OffloadPlanner(input).Plan();

    private OffloadPlan Plan()
    {
        var single =
            _gpus.Count == 0 || _input.Wishes.GpuLayers == 0 ? OnHost()
            : _input.Wishes.GpuLayers is { } asked ? Asked(asked)
            : Automatic();
        var doubled = Doubled(single);
        var placement = doubled ?? single;
        var plan = new OffloadPlan
        {
            GpuLayers = placement.Whole.GpuLayers,
            Layers = _input.Model.Layers,
            Devices =
            [
                .. _gpus
                    .Zip(placement.Counts, placement.Bytes)
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
            Batch = placement.Batch,
            HasSecondContext = doubled is not null,
            HostBytes = placement.HostBytes,
            IsOverCommitted = !placement.Fits,
            Fallbacks = Fallbacks(placement),
            Explanation = "",
        };
        return plan with { Explanation = PlanWording.Explain(_input, _gpus, placement, plan) };
    }

    private Placement OnHost()
    {
        var all = Each(placements => placements.OnHost());
        return all.Find(IsInHost) ?? all[^1];
    }

    private Placement Asked(int layers)
    {
        var most = _input.Model.Layers;
        layers = layers == PlanWishes.AllLayers ? most : Math.Min(layers, most);
        var all = Each(placements => placements.Asked(layers));
        return all.Find(one => one.Fits) ?? all.First(one => one.Batch == Narrow);
    }

    private Placement Automatic()
    {
        var all = Each(placements => placements.Best());
        var most = all.Find(IsWhole) ?? all.Find(one => one.Batch == Narrow);
        if (most is null)
        {
            return OnHost();
        }
        var same = all.FindAll(one => one.Whole == most.Whole);
        return same.Find(IsInHost) ?? same[^1];
    }

    // For every batch, the widest first; those for which nothing fits are left out.
    private List<Placement> Each(Func<Placements, Placement?> place) =>
        [
            .. _input
                .Batches.Select(batch => place(new Placements(_input, _gpus, batch)))
                .OfType<Placement>(),
        ];

    private bool IsWhole(Placement placement) =>
        placement.Whole.GpuLayers == _input.Model.Layers
        && placement.Whole.CpuExperts <= (_input.Wishes.CpuExpertLayers ?? 0);

    // A second context is what memory is spent on last: it never costs a layer or a row of a batch. Threads that compute layers on the CPU would
    // be in the way of those that read logits, so nothing may stay there.
    private Placement? Doubled(Placement placement)
    {
        var isOnGpus =
            placement.Whole is { CpuExperts: 0, GpuLayers: var layers }
            && layers == _input.Model.Layers;
        if (!isOnGpus || placement.Batch.Sequences == 1)
        {
            return null;
        }
        var doubled = new Placements(_input, _gpus, placement.Batch, contexts: 2).Like(placement);
        // Where a GPU uses the host's memory, both take it from the same.
        var onHost = _gpus
            .Zip(doubled.Bytes)
            .Where(gpu => GpuBudget.SharesHostMemory(gpu.First.Device))
            .Sum(gpu => gpu.Second);
        return doubled.Fits && IsInHost(doubled with { HostBytes = doubled.HostBytes + onHost })
            ? doubled
            : null;
    }

    private bool IsInHost(Placement placement) =>
        placement.HostBytes + _input.Wishes.MarginBytes
        <= (_input.Host.AvailableBytes ?? _input.Host.TotalBytes);

    private BatchShape Narrow =>
        _input.Batches.FirstOrDefault(batch =>
            batch.Sequences <= NarrowSequences && batch.BatchSize <= NarrowSequences
        ) ?? _input.Batches[^1];

    // Twice fewer, then the CPU. What was asked for beyond what fits goes back to what fits first.
    private List<int> Fallbacks(Placement placement)
    {
        var layers = placement.Whole.GpuLayers;
        if (layers == 0)
        {
            return [];
        }
        var fitting = placement.Fits
            ? 0
            : new Placements(_input, _gpus, placement.Batch).Best()?.Whole.GpuLayers ?? 0;
        var first = fitting > 0 && fitting < layers ? fitting : layers * 3 / 4;
        int[] fewer = [first, first / 2, 0];
        return [.. fewer.Distinct()];
    }
}
