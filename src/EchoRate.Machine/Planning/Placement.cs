using EchoRate.Core.Engine;

namespace EchoRate.Machine.Planning;

/// <summary>
/// Layers dealt to GPUs, for batches of one width: how many each GPU has, what they are together, and what each GPU and main memory take, as
/// predicted.
/// </summary>
internal sealed record Placement(
    BatchShape Batch,
    IReadOnlyList<int> Counts,
    Offload Whole,
    IReadOnlyList<long> Bytes,
    long HostBytes,
    bool Fits
);

/// <summary>Deals the layers of one model to the GPUs of one machine, for batches of one width.</summary>
internal sealed class Placements(
    PlanInput input,
    IReadOnlyList<GpuBudget> gpus,
    BatchShape batch,
    int contexts = 1
)
{
    private readonly ModelShape _model = input.Model;
    private readonly MemoryForecast _forecast = new(input.Model, batch, contexts);

    /// <summary>The most that fits: first every layer, experts included; then experts on the CPU; then fewer layers. Null where not one fits.</summary>
    public Placement? Best()
    {
        if (FittingWithFewestExperts(_model.Layers) is { } whole)
        {
            return whole;
        }
        var (_, most) = ExpertRange();
        for (var layers = _model.Layers - 1; layers > 0; layers--)
        {
            if (Fitting(layers, most) is { } part)
            {
                return part;
            }
        }
        return null;
    }

    /// <summary>So many layers, whether they fit or not; of the experts as few on the CPU as makes them fit.</summary>
    public Placement Asked(int layers) =>
        FittingWithFewestExperts(layers)
        ?? Of(layers, ExpertRange().Least, LayerSplit.ByParts(layers, Parts()));

    private Placement? FittingWithFewestExperts(int layers)
    {
        var (least, most) = ExpertRange();
        return Enumerable
            .Range(least, most - least + 1)
            .Select(experts => Fitting(layers, experts))
            .FirstOrDefault(placement => placement is not null);
    }

    /// <summary>Everything on the CPU.</summary>
    public Placement OnHost() => Of(0, 0, new int[gpus.Count]);

    /// <summary>The layers of another placement, each where it was.</summary>
    public Placement Like(Placement other) =>
        Of(other.Whole.GpuLayers, other.Whole.CpuExperts, other.Counts);

    // Where host and GPU share one memory, moving experts between them frees nothing.
    private (int Least, int Most) ExpertRange()
    {
        if (input.Wishes.CpuExpertLayers is { } wish)
        {
            var layers = Math.Min(wish, _model.Blocks.Count);
            return (layers, layers);
        }
        var canMove = _model.HasExperts && !gpus.Any(gpu => GpuBudget.SharesHostMemory(gpu.Device));
        return (0, canMove ? _model.Blocks.Count : 0);
    }

    // By the user's parts alone where there are any; else in proportion to what each may take, and where that does not fit, as it fits.
    private Placement? Fitting(int layers, int experts)
    {
        var even = Of(layers, experts, LayerSplit.ByParts(layers, Parts()));
        if (even.Fits || input.Wishes.TensorSplit is not null)
        {
            return even.Fits ? even : null;
        }
        var (whole, start) = (Whole(layers, experts), _model.Layers - layers);
        var counts = LayerSplit.Greedy(
            layers,
            gpus.Count,
            (gpu, before, count) =>
                _forecast.Device(start + before, count, whole, gpus[gpu].OverheadBytes)
                <= gpus[gpu].Bytes
        );
        return counts is null ? null : Of(layers, experts, counts);
    }

    private Placement Of(int layers, int experts, IReadOnlyList<int> counts)
    {
        var whole = Whole(layers, experts);
        var bytes = new long[counts.Count];
        var next = _model.Layers - layers;
        for (var i = 0; i < counts.Count; i++)
        {
            bytes[i] = _forecast.Device(next, counts[i], whole, gpus[i].OverheadBytes);
            next += counts[i];
        }
        var fits = gpus.Zip(bytes, (gpu, needed) => needed <= gpu.Bytes).All(fits => fits);
        return new Placement(batch, counts, whole, bytes, _forecast.Host(whole), fits);
    }

    private Offload Whole(int layers, int experts) => new(layers, experts, gpus.Count > 1);

    // Where nothing is free on any, evenly: somebody asked for it.
    private IReadOnlyList<float> Parts() =>
        input.Wishes.TensorSplit
        ?? (
            gpus.Any(gpu => gpu.Bytes > 0)
                ? [.. gpus.Select(gpu => (float)gpu.Bytes)]
                : [.. gpus.Select(_ => 1f)]
        );
}
