using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>A set's prompts behind one prefix, tokenized and laid into groups that are decoded together.</summary>
internal sealed class PromptBatches
{
    private readonly List<PromptFeed> _feeds;
    private readonly List<Range> _ranges = [];

    public PromptBatches(
        ProbeContext context,
        PromptSet set,
        ArmPrefix prefix,
        int continueTokens,
        long firstPlace
    )
    {
        Prefix = prefix;
        Steps = set.Continues ? continueTokens : 0;
        // The prefix takes whole steps of 16 cells, and what fills a batch takes less than one.
        var budget =
            context.Session.CacheSize
            - BatchPlan.Padded(prefix.Ids.Length)
            - (BatchPlan.Multiple - 1);
        _feeds =
        [
            .. set.Prompts.Select(
                (prompt, index) =>
                    PromptFeed.Of(context, set, prompt, prefix, firstPlace + index, budget - Steps)
            ),
        ];
        var ready = _feeds
            .Index()
            .Where(feed => feed.Item.Row.Status == RowStatus.Ok)
            .Select(feed => feed.Index)
            .ToList();
        var prompts = ready.ConvertAll(index => _feeds[index].Ids);
        var start = 0;
        foreach (
            var group in BatchPlan.Groups(prompts, Steps, MostTogether(context.Session), budget)
        )
        {
            var end = ready[group.End.Value - 1] + 1;
            _ranges.Add(start..end);
            start = end;
        }
        if (start < _feeds.Count)
        {
            _ranges.Add(start.._feeds.Count);
        }
    }

    // The library's digits depend on what is decoded together, so that does not depend on --sequences. Exact ones hardly do, and a batch costs
    // nearly the same however wide it is.
    private static int MostTogether(IModelSession session) =>
        session.Report.Arithmetic == Arithmetic.Exact
            ? session.SequenceCount
            : Math.Min(session.SequenceCount, BatchPlan.Multiple);

    /// <summary>What goes in front.</summary>
    public ArmPrefix Prefix { get; }

    /// <summary>Tokens of a continuation; 0 for none.</summary>
    public int Steps { get; }

    /// <summary>
    /// The prompts of each group, in order: one that cannot be measured belongs to the group of the next that can. What stands behind the
    /// last of those is a group that decodes nothing.
    /// </summary>
    public IReadOnlyList<Range> Ranges => _ranges;

    /// <summary>The prompts of a group, those that cannot be measured among them.</summary>
    public List<PromptFeed> Group(Range range) => _feeds[range];
}
