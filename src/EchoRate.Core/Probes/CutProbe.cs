using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>
/// What makes an echo, or ends it: the last position is kept from attending to the first (or to those that are named) in some layers and heads, and the
/// answer is looked at again. A set's rows: each item without a cut; then item by item the cuts of layers; then those of heads.
/// </summary>
public sealed record CutProbe : Look
{
    // Of those that decide most.
    private const int MostLayersOfHeads = 3;

    /// <summary>The layers that are cut by themselves, 0-based; null for each of the file.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Whether the heads of the up to three layers that decide most are cut one by one.</summary>
    public bool Heads { get; init; }

    /// <summary>The positions that are cut off, 0-based; BOS counts.</summary>
    public IReadOnlyList<int> Positions { get; init; } = [0];

    public override LoadOptions Plan(ModelFacts facts, ProbeRequest request, LoadOptions limits)
    {
        var load = request.Plan(facts, limits);
        var cuts = LayerCuts(facts).Count + HeadCuts(facts, [.. LayersOf(facts)]).Count;
        var most = request.RowCount(facts) * (1 + cuts);
        var rows = BatchPlan.Padded((int)Math.Clamp(most, 1, limits.Sequences));
        return load with
        {
            Sequences = rows,
            BatchSize = Math.Max(load.BatchSize, rows),
            // The last tokens, and what stands before them: once for all cuts of a prompt.
            CacheSize =
                rows + BatchPlan.Multiple + Math.Max(load.BatchSize, 4 * request.LongestPrompt),
            Shows = Insight.Attention,
        };
    }

    public override LookRow Unnamed() => new CutRow();

    internal override IEnumerable<Section> Sections(ProbeContext context, ProbeRequest request)
    {
        var batch = new LookBatch(context.Session);
        var place = 0L;
        return from set in LensProbe.Sets(context, request)
            from prefix in FileProbe.Prefixes(context, request)
            let prompts = request.PromptSets.FirstOrDefault(prompts => prompts.Name == set.Name)
            from section in new CutSet(
                this,
                new EchoSet(context, set.Name, set.Items, prefix, 0),
                prompts,
                batch
            ).Sections(() => place++)
            select section;
    }

    /// <summary>The layers that are cut by themselves.</summary>
    internal IEnumerable<int> LayersOf(ModelFacts facts) =>
        Layers ?? Enumerable.Range(0, facts.Layers ?? 0);

    /// <summary>The cuts of layers, in their order.</summary>
    internal List<AttentionCut> LayerCuts(ModelFacts facts) =>
        [
            Cut(CutKind.All),
            .. from kind in (CutKind[])[CutKind.From, CutKind.Upto, CutKind.Only, CutKind.AllBut]
            from layer in LayersOf(facts)
            select Cut(kind, layer),
        ];

    /// <summary>The cuts of heads, of as many of these layers as are looked at: those that decide most first, null where that is not known.</summary>
    internal List<AttentionCut> HeadCuts(ModelFacts facts, IReadOnlyList<int?> layers) =>
        [
            .. from layer in Heads ? layers.Take(MostLayersOfHeads) : []
            from kind in (CutKind[])[CutKind.Only, CutKind.AllBut]
            from head in Enumerable.Range(0, facts.Heads ?? 0)
            select Cut(kind, layer, head),
        ];

    /// <summary>A cut of the positions asked for.</summary>
    internal AttentionCut Cut(CutKind kind, int? layer = null, int? head = null) =>
        new(kind, layer, head) { Positions = Positions };
}
