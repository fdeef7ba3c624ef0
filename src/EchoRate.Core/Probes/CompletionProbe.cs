using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>
/// Feeds prompts behind each arm's prefix: the next-token distribution, and for sets that ask for it a greedy continuation.
/// Rows come in the order of the prompts, and every prompt gives one.
/// </summary>
internal static class CompletionProbe
{
    /// <summary>Measures some of a set's groups under one arm's prefix.</summary>
    public static IEnumerable<CompletionRow> Run(
        ProbeContext context,
        PromptBatches plan,
        IReadOnlyList<Range> groups
    )
    {
        foreach (var range in groups)
        {
            var all = plan.Group(range);
            var ready = all.FindAll(feed => feed.Row.Status == RowStatus.Ok);
            if (ready.Count > 0)
            {
                Measure(context, ready, plan.Prefix, plan.Steps);
            }
            // What could not be measured stands between what was.
            foreach (var feed in all)
            {
                yield return feed.Row;
            }
        }
    }

    private static void Measure(
        ProbeContext context,
        List<PromptFeed> group,
        ArmPrefix prefix,
        int steps
    )
    {
        MeasureTogether(context, group, prefix, steps, isPadded: true);
        if (group.Exists(feed => feed.IsNonfinite))
        {
            // Sequences share one cache, and 0 × NaN is NaN: one such prompt, or what fills a batch, spoils its neighbours. Each is measured again, alone.
            foreach (var feed in group)
            {
                feed.Restart();
                MeasureTogether(context, [feed], prefix, steps, isPadded: false);
            }
        }
    }

    private static void MeasureTogether(
        ProbeContext context,
        List<PromptFeed> group,
        ArmPrefix prefix,
        int steps,
        bool isPadded
    )
    {
        var session = context.Session;
        // The prefix stands in sequence 0 alone; the tree copies it with what comes behind it.
        var sequences = new PrefixedSequences(session, prefix.Ids, 1, isPadded);
        var tree = new PromptTree(group.ConvertAll(feed => feed.Ids));
        DecodePrompts(
            session,
            sequences,
            group,
            tree,
            (slot, logits) => Score(group[slot].Row, context, logits)
        );
        if (steps > 0)
        {
            Continue(context, sequences, group, tree, steps);
        }
    }

    // Level by level, cut where a batch is full. The last token of each prompt asks for logits, which are read before the next batch is
    // decoded.
    private static void DecodePrompts(
        IModelSession session,
        PrefixedSequences sequences,
        List<PromptFeed> group,
        PromptTree tree,
        Action<int, ReadOnlySpan<float>> read
    )
    {
        var batch = new List<BatchToken>(session.BatchSize);
        var wanted = new List<(int Index, int Slot)>();
        foreach (var level in tree.Levels)
        {
            foreach (var (source, destination) in level.Copies)
            {
                session.CopySequence(source, destination);
            }
            foreach (var (prompt, from, to, sequence, ending) in level.Segments)
            {
                for (var i = from; i < to; i++)
                {
                    var isLast = i == to - 1 && ending.Count > 0;
                    if (isLast)
                    {
                        wanted.AddRange(ending.Select(slot => (batch.Count, slot)));
                    }
                    var token = group[prompt].Ids[i];
                    batch.Add(new BatchToken(token, sequences.Length + i, sequence, isLast));
                    if (batch.Count == session.BatchSize)
                    {
                        DecodeNow();
                    }
                }
            }
            DecodeNow();
        }

        void DecodeNow()
        {
            if (batch.Count > 0)
            {
                sequences.DecodePadded(batch);
                wanted.ForEach(at => read(at.Slot, session.Logits(at.Index)));
            }
            batch.Clear();
            wanted.Clear();
        }
    }

    // All rows of a group step together. One that has ended goes on being fed its last token, unread: the batch keeps its width, and
    // with it the others keep their digits.
    private static void Continue(
        ProbeContext context,
        PrefixedSequences sequences,
        List<PromptFeed> group,
        PromptTree tree,
        int steps
    )
    {
        var (session, vocabulary) = (context.Session, context.Session.Vocabulary);
        foreach (var feed in group)
        {
            feed.Begin(vocabulary, steps);
        }
        for (var step = 1; group.Exists(feed => feed.Stop is null); step++)
        {
            var batch = new List<BatchToken>(group.Count);
            for (var slot = 0; slot < group.Count; slot++)
            {
                var feed = group[slot];
                batch.Add(
                    new BatchToken(
                        feed.LastToken,
                        sequences.Length + feed.Ids.Length + step - 1,
                        tree.SequenceOf(slot),
                        WantsLogits: true
                    )
                );
            }
            sequences.DecodePadded(batch);
            for (var slot = 0; slot < group.Count; slot++)
            {
                if (group[slot].Stop is null)
                {
                    group[slot].Append(session.Logits(slot), vocabulary, steps);
                }
            }
        }
        foreach (var feed in group)
        {
            feed.Finish(vocabulary);
        }
    }

    private static void Score(CompletionRow row, ProbeContext context, ReadOnlySpan<float> logits)
    {
        if (!LogitScore.TryCompute(logits, row.ExpectedId, out var score))
        {
            row.Status = RowStatus.Nonfinite;
            row.Reason = ProbeReasons.Nonfinite;
            return;
        }
        row.Next = context.Finder.Token(score.Top1);
        row.NextLogProb = score.Top1LogProb;
        row.Entropy = score.Entropy;
        row.PublishedMatch = row.PublishedNext is { } cell
            ? row.Next.Bytes.AsSpan().SequenceEqual(cell)
            : null;
        if (row.ExpectedId is { } expected)
        {
            row.Hit = score.Top1 == expected;
            row.ExpectedLogProb = score.TokenLogProb;
            row.ExpectedRank = score.TokenRank;
            row.ExpectedMargin = score.Margin;
        }
        context.Record(row, score, logits);
        row.DeltaExpectedLogProb = context.Compare(row, score, logits);
    }
}
