using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;

namespace EchoRate.Core.Probes;

/// <summary>
/// One set's batches under one prefix, one after another. Where the model has a second context, the two take turns: while the logits of one
/// are read, and whoever asked keeps the rows, the other decodes the next batch. At most one of them decodes.
/// </summary>
internal static class EchoSweep
{
    /// <summary>Measures batches, each good until the next one is asked for.</summary>
    /// <param name="context">The loaded file.</param>
    /// <param name="items">All items of the set.</param>
    /// <param name="prefix">What goes in front.</param>
    /// <param name="firstPlace">The place of the set's first row among the file's rows.</param>
    /// <param name="width">Tokens that each batch decodes, padding included.</param>
    /// <param name="ranges">The items of each batch.</param>
    public static IEnumerable<EchoBatch> Measure(
        ProbeContext context,
        IReadOnlyList<ResolvedItem> items,
        ArmPrefix prefix,
        long firstPlace,
        int width,
        IReadOnlyList<Range> ranges
    )
    {
        var first = new EchoBatch(context, context.Session, prefix, width);
        return context.Session.Second is { } session && ranges.Count > 1
            ? TakingTurns(
                [first, new EchoBatch(context, session, prefix, width)],
                items,
                firstPlace,
                ranges
            )
            : InTurn(first, items, firstPlace, ranges);
    }

    private static IEnumerable<EchoBatch> InTurn(
        EchoBatch batch,
        IReadOnlyList<ResolvedItem> items,
        long firstPlace,
        IReadOnlyList<Range> ranges
    )
    {
        foreach (var range in ranges)
        {
            batch.Fill(items, range, firstPlace);
            batch.Decode();
            batch.Read(finishOthers: () => { });
            yield return batch;
        }
    }

    // A batch that fails to decode fails when its turn to be read comes: the rows of the one before are given first.
    private static IEnumerable<EchoBatch> TakingTurns(
        EchoBatch[] batches,
        IReadOnlyList<ResolvedItem> items,
        long firstPlace,
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
                    next.Fill(items, ranges[turn], firstPlace);
                    decoding = Task.Run(next.Decode);
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
}
