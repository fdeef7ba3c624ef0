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
    /// <param name="inOneRow">Whether every row may be the same object, good until the next is asked for.</param>
    public static IEnumerable<EchoRow> Run(
        ProbeContext context,
        string setName,
        IReadOnlyList<ResolvedItem> items,
        ArmPrefix prefix,
        long firstPlace = 0,
        bool inOneRow = false
    )
    {
        var plan = EchoBatches.Of(items, context.Session.SequenceCount);
        return Run(context, setName, items, prefix, firstPlace, plan.Width, plan.Ranges, inOneRow);
    }

    /// <summary>Measures some of a set's batches, each as wide as every batch of the set.</summary>
    internal static IEnumerable<EchoRow> Run(
        ProbeContext context,
        string setName,
        IReadOnlyList<ResolvedItem> items,
        ArmPrefix prefix,
        long firstPlace,
        int width,
        IReadOnlyList<Range> batches,
        bool inOneRow
    )
    {
        EchoRow? again = null;
        foreach (var batch in EchoSweep.Measure(context, items, prefix, firstPlace, width, batches))
        {
            var slot = 0;
            var place = batch.FirstPlace;
            foreach (var item in batch.Items)
            {
                EchoFigures? figures =
                    slot < batch.Count && item.Token is not null ? batch[slot++] : null;
                var row = Row(context, setName, item, prefix, place++, figures, again);
                again = inOneRow ? row : null;
                yield return row;
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
    ) => Row(context, setName, item, prefix, place, null, null);

    private static EchoRow Row(
        ProbeContext context,
        string setName,
        in ResolvedItem item,
        ArmPrefix prefix,
        long place,
        in EchoFigures? figures,
        EchoRow? again
    )
    {
        var (token, published) = (item.Token, context.PublishedCell(prefix.Arm, item.Item));
        var goesIn = prefix.Missing is null && token is not null;
        var common = new MeasuredValues
        {
            Arm = prefix.Arm.Name,
            Prefix = prefix.Token,
            Place = place,
            InputIds =
                !goesIn ? null
                : prefix.Token is null ? [token!.Id]
                : [prefix.Token.Id, token!.Id],
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
        var values = new EchoValues
        {
            ItemSet = setName,
            Item = item.Item.Bytes,
            Category = item.Item.Category,
            Token = token,
            TokenizedIds =
                prefix.Missing is null && token is null && item.Ids.Length > 0 ? item.Ids : null,
            VocabularyQuantile = token is null
                ? null
                : (double)token.Id / context.Session.Vocabulary.Size,
            PublishedTop1 = published,
        };
        if (figures is { Score: { } score } said)
        {
            Measured(context, token!, published, score, said, ref common, ref values);
        }
        return EchoRow.Of(common, values, again);
    }

    private static void Measured(
        ProbeContext context,
        TokenBytes token,
        byte[]? published,
        in LogitScore score,
        in EchoFigures figures,
        ref MeasuredValues common,
        ref EchoValues values
    )
    {
        var top1 = context.Finder.Token(score.Top1);
        values.Top1 = top1;
        values.Echo = top1.Id == token.Id;
        values.EchoClass = EchoClassifier.Classify(token, top1);
        values.EchoMargin = score.Margin;
        values.TokenLogProb = score.TokenLogProb;
        values.TokenRank = score.TokenRank;
        values.Top1LogProb = score.Top1LogProb;
        values.PublishedRank = figures.PublishedRank;
        values.PublishedGap = figures.PublishedGap;
        common.NearTie = Math.Abs(score.Margin) < context.Facts.NearTieEpsilon;
        common.Entropy = score.Entropy;
        common.PublishedMatch = published is null
            ? null
            : top1.Bytes.AsSpan().SequenceEqual(published);
        common.ReferenceFileId = context.ComparedWith;
        if (figures.Comparison is { } said)
        {
            common.ReferenceTop1 = context.Finder.Token(said.Top1);
            common.ReferenceTop1LogProb = said.Top1LogProb;
            common.ReferenceTop1LogProbHere = said.Top1LogProbHere;
            common.Kld = said.Kld;
            common.Flip = said.Flip;
            values.DeltaTokenLogProb = said.DeltaLogProb;
        }
    }
}
