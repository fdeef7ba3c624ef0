using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>
/// Feeds one lone token behind each arm's prefix and looks at the next-token distribution. Rows come in the order of the items, and
/// every item gives one, measured or not.
/// </summary>
public static class EchoProbe
{
    /// <summary>
    /// Measures one set under one arm's prefix, batch by batch. A batch's rows are there before the next one is decoded, or while it is
    /// (<see cref="IModelSession.Second"/>).
    /// </summary>
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
        foreach (var batch in EchoSweep.Measure(context, items, prefix, firstPlace, width, batches))
        {
            var slot = 0;
            var place = batch.FirstPlace;
            foreach (var item in batch.Items)
            {
                EchoFigures? figures =
                    slot < batch.Count && item.Token is not null ? batch[slot++] : null;
                yield return Row(context, setName, item, prefix, place++, figures);
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

    private static EchoRow Row(
        ProbeContext context,
        string setName,
        in ResolvedItem item,
        ArmPrefix prefix,
        long place,
        in EchoFigures? figures
    )
    {
        var token = item.Token;
        var goesIn = prefix.Missing is null && token is not null;
        var isNonfinite = figures is { Score: null };
        var row = new EchoRow
        {
            Place = place,
            Arm = prefix.Arm.Name,
            Prefix = prefix.Token,
            InputIds =
                !goesIn ? null
                : prefix.Token is null ? [token!.Id]
                : [prefix.Token.Id, token!.Id],
            Status =
                prefix.Missing is not null ? prefix.MissingStatus
                : token is null ? RowStatus.NotSingleToken
                : isNonfinite ? RowStatus.Nonfinite
                : RowStatus.Ok,
            Flags = goesIn ? context.FlagsOf(token!.Id) : [],
            Reason =
                prefix.Missing
                ?? (
                    token is null ? item.Reason
                    : isNonfinite ? ProbeReasons.Nonfinite
                    : null
                ),
            ItemSet = setName,
            Item = item.Item.Bytes,
            Category = item.Item.Category,
            Token = token,
            TokenizedIds =
                prefix.Missing is null && token is null && item.Ids.Length > 0 ? item.Ids : null,
            VocabularyQuantile = (double?)token?.Id / context.Session.Vocabulary.Size,
            PublishedTop1 = context.PublishedCell(prefix.Arm, item.Item),
        };
        return figures is { Score: { } score } said ? Measured(context, row, score, said) : row;
    }

    private static EchoRow Measured(
        ProbeContext context,
        EchoRow blank,
        in LogitScore score,
        in EchoFigures figures
    )
    {
        var top1 = context.Finder.Token(score.Top1);
        var compared = figures.Comparison;
        return blank with
        {
            Top1 = top1,
            Echo = top1.Id == blank.Token!.Id,
            EchoClass = EchoClassifier.Classify(blank.Token, top1),
            EchoMargin = score.Margin,
            TokenLogProb = score.TokenLogProb,
            TokenRank = score.TokenRank,
            Top1LogProb = score.Top1LogProb,
            Entropy = score.Entropy,
            NearTie = Math.Abs(score.Margin) < context.Facts.NearTieEpsilon,
            PublishedRank = figures.PublishedRank,
            PublishedGap = figures.PublishedGap,
            PublishedMatch = blank.PublishedTop1 is { } published
                ? top1.Bytes.AsSpan().SequenceEqual(published)
                : null,
            ReferenceFileId = context.ComparedWith,
            ReferenceTop1 = compared is { } said ? context.Finder.Token(said.Top1) : null,
            ReferenceTop1LogProb = compared?.Top1LogProb,
            ReferenceTop1LogProbHere = compared?.Top1LogProbHere,
            Kld = compared?.Kld,
            Flip = compared?.Flip,
            DeltaTokenLogProb = compared?.DeltaLogProb,
        };
    }
}
