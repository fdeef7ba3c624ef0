using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.References;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Core.Tokens;

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
        PrefixedSequences? sequences = null;
        var tokens = new List<int>(width);
        foreach (var range in batches)
        {
            var (start, count) = range.GetOffsetAndLength(items.Count);
            var batch = new ResolvedItem[count];
            var rows = new List<EchoRow>(count);
            tokens.Clear();
            for (var i = 0; i < count; i++)
            {
                batch[i] = items[start + i];
                rows.Add(Blank(context, setName, batch[i], prefix, firstPlace + start + i));
                if (rows[i].Status == RowStatus.Ok)
                {
                    tokens.Add(batch[i].Token!.Id);
                }
            }
            if (tokens.Count > 0)
            {
                if (sequences is null)
                {
                    sequences = new PrefixedSequences(context.Session, prefix.Ids, width);
                }
                else
                {
                    sequences.Reset();
                }
                Decode(context.Session, sequences, tokens, width);
                Score(context, batch, rows);
                if (rows.Exists(row => row.Status == RowStatus.Nonfinite))
                {
                    // Sequences share one cache, and 0 × NaN is NaN: one such row spoils its neighbours, and what it left in the cache
                    // the next batch. Each is measured again, alone, in an empty cache; one that was alone leaves the cache to be emptied.
                    if (tokens.Count > 1)
                    {
                        MeasureSpoiltAlone(context, batch, rows, prefix);
                    }
                    sequences = null;
                }
            }
            foreach (var row in rows)
            {
                yield return row;
            }
        }
    }

    private static void Score(
        ProbeContext context,
        ReadOnlySpan<ResolvedItem> batch,
        List<EchoRow> rows
    )
    {
        var slot = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Status == RowStatus.Ok)
            {
                rows[i] = Score(
                    context,
                    rows[i],
                    batch[i].IsSampled,
                    context.Session.Logits(slot++)
                );
            }
        }
    }

    private static void MeasureSpoiltAlone(
        ProbeContext context,
        ReadOnlySpan<ResolvedItem> batch,
        List<EchoRow> rows,
        ArmPrefix prefix
    )
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Status == RowStatus.Nonfinite)
            {
                rows[i] = Alone(context, rows[i], batch[i].IsSampled, prefix);
            }
        }
    }

    private static EchoRow Alone(
        ProbeContext context,
        EchoRow row,
        bool isSampled,
        ArmPrefix prefix
    )
    {
        var sequences = new PrefixedSequences(context.Session, prefix.Ids, 1);
        Decode(context.Session, sequences, [row.Token!.Id], 1);
        return Score(
            context,
            row with
            {
                Status = RowStatus.Ok,
                Reason = null,
            },
            isSampled,
            context.Session.Logits(0)
        );
    }

    // The last batch is padded with its own last token: the width of a batch touches the last digits, its content does not.
    private static void Decode(
        IModelSession session,
        PrefixedSequences sequences,
        List<int> tokens,
        int width
    )
    {
        var batch = new BatchToken[width];
        for (var slot = 0; slot < width; slot++)
        {
            batch[slot] = new BatchToken(
                tokens[Math.Min(slot, tokens.Count - 1)],
                sequences.Length,
                slot,
                WantsLogits: true
            );
        }
        session.Decode(batch);
    }

    /// <summary>An item's row before anything is measured: its condition, its token, and what already bars it.</summary>
    public static EchoRow Blank(
        ProbeContext context,
        string setName,
        ResolvedItem item,
        ArmPrefix prefix,
        long place
    )
    {
        var row = new EchoRow
        {
            Arm = prefix.Arm.Name,
            Prefix = prefix.Token,
            ItemSet = setName,
            Item = item.Item.Bytes,
            Category = item.Item.Category,
            Place = place,
            Token = item.Token,
            PublishedTop1 =
                prefix.Arm == Arm.Without ? context.Published?.Cell(item.Item.Bytes) : null,
            VocabularyQuantile = item.Token is null
                ? null
                : (double)item.Token.Id / context.Session.Vocabulary.Size,
            Status = RowStatus.Ok,
        };
        if (prefix.Missing is not null)
        {
            return row with { Status = RowStatus.NoBos, Reason = prefix.Missing };
        }
        return item.Token is null
            ? row with
            {
                Status = RowStatus.NotSingleToken,
                TokenizedIds = item.Ids is [] ? null : item.Ids,
                Reason = item.Reason,
            }
            : row with
            {
                InputIds = [.. prefix.Ids, item.Token.Id],
                Flags = context.Flags,
            };
    }

    private static EchoRow Score(
        ProbeContext context,
        EchoRow row,
        bool isSampled,
        ReadOnlySpan<float> logits
    )
    {
        var token = row.Token!;
        if (!LogitScore.TryCompute(logits, token.Id, out var score))
        {
            return row with { Status = RowStatus.Nonfinite, Reason = ProbeReasons.Nonfinite };
        }
        var top1 = context.Session.Vocabulary.Token(score.Top1);
        row = ComparePublished(context, row, top1, logits);
        row = row with
        {
            Top1 = top1,
            Echo = top1.Id == token.Id,
            EchoClass = EchoClassifier.Classify(token, top1),
            EchoMargin = score.Margin,
            NearTie = Math.Abs(score.Margin) < context.Facts.NearTieEpsilon,
            TokenLogProb = score.TokenLogProb,
            TokenRank = score.TokenRank,
            Top1LogProb = score.Top1LogProb,
            Entropy = score.Entropy,
        };
        return ReferenceComparison.Apply(
            context.Reference,
            row.Place,
            row,
            score,
            row.Echo,
            isSampled,
            logits,
            context.Session.Vocabulary,
            (compared, delta) => compared with { DeltaTokenLogProb = delta }
        );
    }

    private static EchoRow ComparePublished(
        ProbeContext context,
        EchoRow row,
        TokenBytes top1,
        ReadOnlySpan<float> logits
    )
    {
        if (row.PublishedTop1 is not { } cell)
        {
            return row;
        }
        var token = context.Finder.FindBytes(cell);
        return row with
        {
            PublishedMatch = top1.Bytes.AsSpan().SequenceEqual(cell),
            PublishedRank = token is { } id ? LogitScore.RankOf(logits, id) : null,
            PublishedGap = token is { } published
                ? (double)logits[top1.Id] - logits[published]
                : null,
        };
    }
}
