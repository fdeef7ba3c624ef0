using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>A set's prompts behind one prefix, tokenized and laid into groups that are decoded together.</summary>
internal sealed class PromptBatches
{
    private readonly List<PromptFeed> _feeds;

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
        // Behind its context a model was never trained.
        var room = Math.Min(
            budget,
            (context.Facts.ContextLength ?? int.MaxValue) - prefix.Ids.Length
        );
        _feeds =
        [
            .. set.Prompts.Select(
                (prompt, index) =>
                    PromptFeed.Of(context, set, prompt, prefix, firstPlace + index, room - Steps)
            ),
        ];
        Ranges = BatchPlan.Ranges(
            _feeds.Count,
            MostTogether(context.Session),
            prompt => _feeds[prompt].Row.Status == RowStatus.Ok,
            (prompt, group) =>
                Steps + Behind(_feeds[prompt].Ids, group.Select(other => _feeds[other].Ids)),
            budget
        );
    }

    /// <summary>Tokens that a prompt takes in a group: what it shares at its beginning with one of them is decoded once.</summary>
    internal static int Behind(int[] ids, IEnumerable<int[]> group) =>
        ids.Length
        - group.Select(other => ids.AsSpan().CommonPrefixLength(other)).DefaultIfEmpty(0).Max();

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

    /// <summary>The prompts of each group, in order.</summary>
    public IReadOnlyList<Range> Ranges { get; }

    /// <summary>The prompts of a group, those that cannot be measured among them.</summary>
    public List<PromptFeed> Group(Range range) => _feeds[range];
}
