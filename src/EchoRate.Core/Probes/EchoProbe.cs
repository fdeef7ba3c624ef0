using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>
/// Feeds one lone token behind each arm's prefix and looks at the next-token distribution. Rows come in the order of the items, and
/// every item gives one, measured or not.
/// </summary>
internal static class EchoProbe
{
    /// <summary>
    /// Measures some of a set's batches, each as wide as every batch of the set. A batch's rows are there before the next one is decoded, or while it is
    /// (<see cref="IModelSession.Second"/>).
    /// </summary>
    public static IEnumerable<EchoRow> Run(EchoSet set, IReadOnlyList<Range> batches) =>
        Measure(set, batches).SelectMany(batch => batch.Rows);

    // Where the model has a second context, the two take turns: while the logits of one are read, and whoever asked keeps the rows, the
    // other decodes the next batch. At most one of them decodes. Each batch is good until the next one is asked for.
    private static IEnumerable<EchoBatch> Measure(EchoSet set, IReadOnlyList<Range> ranges)
    {
        var session = set.Context.Session;
        var first = new EchoBatch(set, session);
        return session.Second is { } second && ranges.Count > 1
            ? TakingTurns([first, new EchoBatch(set, second)], ranges)
            : OneByOne(first, ranges);
    }

    private static IEnumerable<EchoBatch> OneByOne(EchoBatch batch, IReadOnlyList<Range> ranges)
    {
        foreach (var range in ranges)
        {
            batch.Fill(range);
            batch.Decode();
            batch.Read(finishOthers: () => { });
            yield return batch;
        }
    }

    // A batch that fails to decode fails when its turn to be read comes: the rows of the one before are given first.
    private static IEnumerable<EchoBatch> TakingTurns(
        EchoBatch[] batches,
        IReadOnlyList<Range> ranges
    )
    {
        var decoding = Task.CompletedTask;
        try
        {
            for (var turn = 0; turn <= ranges.Count; turn++)
            {
                // Its exception, if it has one, as it was thrown.
                decoding.GetAwaiter().GetResult();
                if (turn < ranges.Count)
                {
                    var next = batches[turn % 2];
                    var range = ranges[turn];
                    decoding = Task.Run(() =>
                    {
                        next.Fill(range);
                        next.Decode();
                    });
                }
                if (turn > 0)
                {
                    var ready = batches[(turn - 1) % 2];
                    ready.Read(finishOthers: () => WaitFor(decoding));
                    if (turn == 1)
                    {
                        RequireMemory(decoding);
                    }
                    yield return ready;
                }
            }
        }
        finally
        {
            // Whoever asks no further frees the model next.
            WaitFor(decoding);
        }
    }

    // A device takes memory at a context's first batch. Where the second finds none, that must be known before any row is given: one context
    // may do.
    private static void RequireMemory(Task decoding)
    {
        WaitFor(decoding);
        if (decoding.Exception?.InnerException is EngineException { IsDeviceOutOfMemory: true })
        {
            decoding.GetAwaiter().GetResult();
        }
    }

    // Unlike Wait, this throws nothing where the task failed.
    private static void WaitFor(Task decoding) => Task.WaitAny(decoding);

    /// <summary>Fills in what a row's logits said; null where one is NaN or infinite.</summary>
    public static void Fill(EchoRow row, ProbeContext context, LogitScore? read)
    {
        if (read is not { } score)
        {
            row.Status = RowStatus.Nonfinite;
            row.Reason = ProbeReasons.Nonfinite;
            return;
        }
        var top1 = context.Finder.Token(score.Top1);
        row.Top1 = top1;
        row.Echo = top1.Id == row.Token!.Id;
        row.EchoClass = EchoClassifier.Classify(row.Token, top1);
        row.EchoMargin = score.Margin;
        row.TokenLogProb = score.TokenLogProb;
        row.TokenRank = score.TokenRank;
        row.Top1LogProb = score.Top1LogProb;
        row.Entropy = score.Entropy;
        row.PublishedMatch = row.PublishedTop1 is { } published
            ? top1.Bytes.AsSpan().SequenceEqual(published)
            : null;
    }
}
