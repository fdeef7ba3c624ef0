using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>
/// Feeds one lone token behind each arm's prefix and looks at the next-token distribution. Rows come in the order of the items, and
/// every item gives one, measured or not.
/// </summary>
public static class EchoProbe
{
    /// <summary>Measures one set under one arm's prefix, batch by batch: a batch's rows are there before the next one is decoded.</summary>
    /// <param name="context">The loaded file.</param>
    /// <param name="setName">The set's name.</param>
    /// <param name="items">The items.</param>
    /// <param name="prefix">What goes in front.</param>
    /// <param name="firstPlace">The first row's place among the file's rows.</param>
    public static IEnumerable<EchoRow> Run(
        ProbeContext context,
        string setName,
        IReadOnlyList<ResolvedItem> items,
        ArmPrefix prefix,
        long firstPlace = 0
    )
    {
        var plan = EchoBatches.Of(items, context.Session.SequenceCount);
        return Run(context, setName, items, prefix, firstPlace, plan.Width, plan.Ranges);
    }

    /// <summary>Measures some of a set's batches, each as wide as every batch of the set.</summary>
    internal static IEnumerable<EchoRow> Run(
        ProbeContext context,
        string setName,
        IReadOnlyList<ResolvedItem> items,
        ArmPrefix prefix,
        long firstPlace,
        int width,
        IReadOnlyList<Range> batches
    )
    {
        var batch = new EchoBatch(context, prefix, width);
        foreach (var range in batches)
        {
            var (start, end) = (range.Start.Value, range.End.Value);
            batch.Clear();
            for (var i = start; i < end && prefix.Missing is null; i++)
            {
                var item = items[i];
                if (item.Token is not null)
                {
                    batch.Add(item, firstPlace + i);
                }
            }
            batch.Measure();
            var slot = 0;
            for (var i = start; i < end; i++)
            {
                var item = items[i];
                yield return slot < batch.Count && item.Token is not null
                    ? Row(context, setName, item, prefix, firstPlace + i, batch[slot++])
                    : Blank(context, setName, item, prefix, firstPlace + i);
            }
        }
    }

    /// <summary>An item's row before anything is measured: its condition, its token, and what already bars it.</summary>
    public static EchoRow Blank(
        ProbeContext context,
        string setName,
        in ResolvedItem item,
        ArmPrefix prefix,
        long place
    ) => Row(context, setName, item, prefix, place, null);

    // All at once: a row is large, and each change to a record copies it.
    private static EchoRow Row(
        ProbeContext context,
        string setName,
        in ResolvedItem item,
        ArmPrefix prefix,
        long place,
        in EchoFigures? figures
    )
    {
        var (token, published) = (item.Token, context.PublishedCell(prefix.Arm, item.Item));
        var goesIn = prefix.Missing is null && token is not null;
        var score = figures?.Score;
        var top1 = score is { } scored ? context.Finder.Token(scored.Top1) : null;
        var reference = figures?.Comparison;
        return new EchoRow
        {
            Arm = prefix.Arm.Name,
            Prefix = prefix.Token,
            ItemSet = setName,
            Item = item.Item.Bytes,
            Category = item.Item.Category,
            Place = place,
            Token = token,
            TokenizedIds =
                prefix.Missing is null && token is null && item.Ids.Length > 0 ? item.Ids : null,
            VocabularyQuantile = token is null
                ? null
                : (double)token.Id / context.Session.Vocabulary.Size,
            InputIds =
                !goesIn ? null
                : prefix.Token is null ? [token!.Id]
                : [prefix.Token.Id, token!.Id],
            PublishedTop1 = published,
            Top1 = top1,
            Echo = score is null ? null : top1!.Id == token!.Id,
            EchoClass = score is null ? null : EchoClassifier.Classify(token!, top1!),
            EchoMargin = score?.Margin,
            NearTie = score is { } near
                ? Math.Abs(near.Margin) < context.Facts.NearTieEpsilon
                : null,
            TokenLogProb = score?.TokenLogProb,
            TokenRank = score?.TokenRank,
            Top1LogProb = score?.Top1LogProb,
            Entropy = score?.Entropy,
            PublishedMatch =
                score is null || published is null
                    ? null
                    : top1!.Bytes.AsSpan().SequenceEqual(published),
            PublishedRank = figures?.PublishedRank,
            PublishedGap = figures?.PublishedGap,
            ReferenceFileId = score is null ? null : context.ComparedWith,
            ReferenceTop1 = reference is { } said ? context.Finder.Token(said.Top1) : null,
            ReferenceTop1LogProb = reference?.Top1LogProb,
            ReferenceTop1LogProbHere = reference?.Top1LogProbHere,
            Kld = reference?.Kld,
            Flip = reference?.Flip,
            DeltaTokenLogProb = reference?.DeltaLogProb,
            Status =
                prefix.Missing is not null ? prefix.MissingStatus
                : token is null ? RowStatus.NotSingleToken
                : figures is { Score: null } ? RowStatus.Nonfinite
                : RowStatus.Ok,
            Flags = goesIn ? context.FlagsOf(token!.Id) : [],
            Reason =
                prefix.Missing
                ?? (
                    token is null ? item.Reason
                    : figures is { Score: null } ? ProbeReasons.Nonfinite
                    : null
                ),
        };
    }
}
