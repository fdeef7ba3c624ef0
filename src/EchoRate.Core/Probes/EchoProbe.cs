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
    public static IEnumerable<EchoRow> Run(
        ProbeContext context,
        string setName,
        IReadOnlyList<ResolvedItem> items,
        ArmPrefix prefix,
        long firstPlace = 0
    )
    {
        if (prefix.Missing is not null)
        {
            foreach (var item in items)
            {
                yield return Blank(context, setName, item, prefix);
            }
            yield break;
        }

        var width = BatchPlan.EvenWidth(
            items.Count(item => item.Token is not null),
            context.Session.SequenceCount
        );
        PrefixedSequences? sequences = null;
        // Items in their order, and the tokens of those that have one: what one batch takes.
        var waiting = new List<ResolvedItem>();
        var place = firstPlace;
        var tokens = new List<int>(width);
        foreach (var item in items)
        {
            waiting.Add(item);
            if (item.Token is not null)
            {
                tokens.Add(item.Token.Id);
            }
            if (tokens.Count == width)
            {
                foreach (var row in Flush())
                {
                    yield return row;
                }
            }
        }
        foreach (var row in Flush())
        {
            yield return row;
        }

        List<EchoRow> Flush()
        {
            if (tokens.Count > 0)
            {
                sequences ??= new PrefixedSequences(context.Session, prefix.Ids, width);
                Decode(context.Session, sequences, tokens, width);
            }
            var slot = 0;
            var rows = waiting
                .Select(
                    (item, index) =>
                        item.Token is null
                            ? Blank(context, setName, item, prefix)
                            : Score(
                                context,
                                Blank(context, setName, item, prefix),
                                place + index,
                                item.IsSampled,
                                context.Session.Logits(slot++)
                            )
                )
                .ToList();
            if (rows.Exists(row => row.Status == RowStatus.Nonfinite))
            {
                // Sequences share one cache, and 0 × NaN is NaN: one such row spoils its neighbours, and what it left in the cache the
                // next batch. Each is measured again, alone, in an empty cache; one that was alone leaves the cache to be emptied.
                if (tokens.Count > 1)
                {
                    rows =
                    [
                        .. rows.Select(
                            (row, index) =>
                                row.Status == RowStatus.Nonfinite
                                    ? Alone(
                                        context,
                                        row,
                                        place + index,
                                        waiting[index].IsSampled,
                                        prefix
                                    )
                                    : row
                        ),
                    ];
                }
                sequences = null;
            }
            sequences?.Reset();
            place += waiting.Count;
            waiting.Clear();
            tokens.Clear();
            return rows;
        }
    }

    private static EchoRow Alone(
        ProbeContext context,
        EchoRow row,
        long place,
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
            place,
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
        ArmPrefix prefix
    )
    {
        var row = new EchoRow
        {
            Arm = prefix.Arm.Name,
            Prefix = prefix.Token,
            ItemSet = setName,
            Item = item.Item.Bytes,
            Category = item.Item.Category,
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
        long place,
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
            place,
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
