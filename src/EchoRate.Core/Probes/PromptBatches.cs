using EchoRate.Core.Arms;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>A set's prompts behind one prefix, tokenized and laid into groups that are decoded together.</summary>
internal sealed class PromptBatches
{
    private readonly IReadOnlyList<PromptFeed> _feeds;

    private PromptBatches(
        IReadOnlyList<PromptFeed> feeds,
        IReadOnlyList<Range> ranges,
        ArmPrefix prefix,
        int steps
    ) => (_feeds, Ranges, Prefix, Steps) = (feeds, ranges, prefix, steps);

    /// <summary>What goes in front.</summary>
    public ArmPrefix Prefix { get; }

    /// <summary>Tokens of a continuation; 0 for none.</summary>
    public int Steps { get; }

    /// <summary>
    /// The prompts of each group, in order: one that cannot be measured belongs to the group of the next that can. What stands behind the
    /// last of those is a group that decodes nothing.
    /// </summary>
    public IReadOnlyList<Range> Ranges { get; }

    /// <summary>Tokenizes the prompts and lays them into groups.</summary>
    /// <param name="context">The loaded file.</param>
    /// <param name="set">The prompts.</param>
    /// <param name="prefix">What goes in front.</param>
    /// <param name="continueTokens">Tokens of a continuation, for sets that ask for one.</param>
    /// <param name="firstPlace">The first row's place among the file's rows.</param>
    public static PromptBatches Of(
        ProbeContext context,
        PromptSet set,
        ArmPrefix prefix,
        int continueTokens,
        long firstPlace
    )
    {
        var steps = set.Continues ? continueTokens : 0;
        var budget = context.Session.CacheSize - prefix.Ids.Length;
        var feeds = set
            .Prompts.Select(
                (prompt, index) => PromptFeed.Of(context, set, prompt, prefix, firstPlace + index)
            )
            .ToList();
        var ready = new List<int>();
        foreach (var (index, feed) in feeds.Index())
        {
            if (feed.Row.Status == RowStatus.Ok && feed.Ids.Length + steps > budget)
            {
                feed.Fail(ProbeReasons.PromptTooLong(feed.Ids.Length, budget - steps));
            }
            if (feed.Row.Status == RowStatus.Ok)
            {
                ready.Add(index);
            }
        }

        var ranges = new List<Range>();
        var start = 0;
        foreach (
            var group in BatchPlan.Groups(
                [.. ready.Select(index => feeds[index].Ids)],
                steps,
                context.Session.SequenceCount,
                budget
            )
        )
        {
            var end = ready[group.End.Value - 1] + 1;
            ranges.Add(start..end);
            start = end;
        }
        if (start < feeds.Count)
        {
            ranges.Add(start..feeds.Count);
        }
        return new PromptBatches(feeds, ranges, prefix, steps);
    }

    /// <summary>The prompts of a group, those that cannot be measured among them.</summary>
    public IEnumerable<PromptFeed> Group(Range range) => _feeds.Take(range);
}
