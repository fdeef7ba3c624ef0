using System.Runtime.InteropServices;
using System.Text;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>
/// Where in a model an echo is made or unmade: the residual after every layer, decoded by the model's own final norm and head inside the engine
/// (<see cref="IResiduals"/>). Every batch proves itself: what comes out after the last layer must be the model's logits, to the last bit.
/// </summary>
public static class LensProbe
{
    /// <summary>Measures a file: set, arm, prefix, item, layer. Prompts are looked at where their last token stands.</summary>
    /// <exception cref="EngineException">The architecture does not show its layers, or the proof failed.</exception>
    public static IEnumerable<LensRow> Run(ProbeContext context, ProbeRequest request) =>
        from set in Sets(context, request)
        from prefix in FileProbe.Prefixes(context, request)
        let echoes = new EchoSet(context, set.Name, set.Items, prefix, 0)
        from batch in echoes.Batches()
        from row in Measure(echoes, [.. Inputs(echoes, batch)])
        select row;

    private static IEnumerable<(string Name, IReadOnlyList<ResolvedItem> Items)> Sets(
        ProbeContext context,
        ProbeRequest request
    ) =>
        [
            .. request.ItemSets.Select(set =>
                (set.Name, set.Resolve(context.Session.Vocabulary, context.Finder))
            ),
            .. request.PromptSets.Select(set =>
                (
                    set.Name,
                    (IReadOnlyList<ResolvedItem>)
                        [.. set.Prompts.Select(prompt => Resolve(context, prompt))]
                )
            ),
        ];

    private static ResolvedItem Resolve(ProbeContext context, Prompt prompt)
    {
        var text = Encoding.UTF8.GetBytes(prompt.Text);
        var ids = context.Session.Vocabulary.Tokenize(text);
        return ids.Length == 0
            ? new ResolvedItem(new Item(text), null, ids, "the prompt has no tokens")
            : new ResolvedItem(new Item(text), context.Finder.Token(ids[^1]), ids, null);
    }

    // A prompt's row knows its last token; all of its tokens go in.
    private static IEnumerable<LensRow> Inputs(EchoSet set, Range batch)
    {
        foreach (var (offset, row) in set.Blank(batch).Index())
        {
            var item = set.Items[batch.Start.Value + offset];
            if (row.InputIds is not null && item.Ids.Length > 1)
            {
                row.InputIds = [.. set.Prefix.Ids, .. item.Ids];
                row.Flags = set.Context.FlagsOf(item.Ids);
            }
            yield return new LensRow(row);
        }
    }

    private static IEnumerable<LensRow> Measure(EchoSet set, LensRow[] items)
    {
        var fed = items.Where(item => item.InputIds is not null).ToList();
        if (fed.Count == 0)
        {
            return items;
        }
        var session = set.Context.Session;
        var residuals =
            session.Residuals
            ?? throw new InvalidOperationException("the session does not show its residuals");
        Capture(set, residuals, fed);
        float[][] real = [.. fed.Select((_, slot) => session.Logits(slot).ToArray())];
        var last = residuals.LayerCount - 1;
        residuals.DecodeAfter(last);
        Prove(session, real);
        var answers = real.Select(AnswerOf).ToList();
        var rows = new LensRow[fed.Count, residuals.LayerCount + 1];
        for (var layer = last; layer >= -1; layer--)
        {
            if (layer < last)
            {
                residuals.DecodeAfter(layer);
            }
            for (var slot = 0; slot < fed.Count; slot++)
            {
                var row = new LensRow(fed[slot], layer)
                {
                    ResidualNorm = Norm(residuals.After(layer, slot)),
                };
                Score(set.Context, row, session.Logits(slot), answers[slot]);
                rows[slot, layer + 1] = row;
            }
        }
        var next = 0;
        var measured = new List<LensRow>();
        foreach (var item in items)
        {
            if (item.InputIds is null)
            {
                measured.Add(item);
                continue;
            }
            for (var at = 0; at <= residuals.LayerCount; at++)
            {
                measured.Add(rows[next, at]);
            }
            next++;
        }
        return measured;
    }

    // The prefix once for all, then what else stands before each last token, then all last tokens in one batch, as wide as every batch of the set.
    private static void Capture(EchoSet set, IResiduals residuals, List<LensRow> fed)
    {
        var session = set.Context.Session;
        var prefix = new PrefixedSequences(session, set.Prefix.Ids, set.Width);
        var before =
            from slot in Enumerable.Range(0, set.Width)
            let ids = InputOf(slot)
            from position in Enumerable.Range(prefix.Length, ids.Length - 1 - prefix.Length)
            select new BatchToken(ids[position], position, slot, WantsLogits: false);
        foreach (var chunk in before.Chunk(session.BatchSize))
        {
            session.Decode(chunk);
        }
        residuals.Capture([
            .. Enumerable
                .Range(0, set.Width)
                .Select(slot => new BatchToken(
                    InputOf(slot)[^1],
                    InputOf(slot).Length - 1,
                    slot,
                    WantsLogits: true
                )),
        ]);

        // The last batch is padded with its own last item.
        int[] InputOf(int slot) => fed[Math.Min(slot, fed.Count - 1)].InputIds!;
    }

    private static void Prove(IModelSession session, float[][] real)
    {
        for (var slot = 0; slot < real.Length; slot++)
        {
            var decoded = session.Logits(slot);
            if (
                !MemoryMarshal
                    .AsBytes(decoded)
                    .SequenceEqual(MemoryMarshal.AsBytes(real[slot].AsSpan()))
            )
            {
                var largest = 0f;
                for (var id = 0; id < decoded.Length; id++)
                {
                    largest = Math.Max(largest, Math.Abs(decoded[id] - real[slot][id]));
                }
                throw new EngineException(
                    $"the lens does not hold here: what the last layer leaves decodes to other logits than the model's (by up to {largest:G3}), so no figure of it is given"
                );
            }
        }
    }

    private static int? AnswerOf(float[] logits) =>
        LogitScore.TryFindTop(logits, out var top) ? top : null;

    private static void Score(
        ProbeContext context,
        LensRow row,
        ReadOnlySpan<float> logits,
        int? answer
    )
    {
        if (answer is not { } next || !LogitScore.TryCompute(logits, row.Token!.Id, out var score))
        {
            (row.Status, row.Reason, row.ResidualNorm) = (
                RowStatus.Nonfinite,
                ProbeReasons.Nonfinite,
                null
            );
            return;
        }
        row.Top1 = context.Finder.Token(score.Top1);
        row.Echo = score.Top1 == row.Token.Id;
        row.TokenRank = score.TokenRank;
        row.EchoMargin = score.Margin;
        row.TokenLogProb = score.TokenLogProb;
        row.Top1LogProb = score.Top1LogProb;
        row.Entropy = score.Entropy;
        row.Next = context.Finder.Token(next);
        row.NextRank = LogitScore.RankOf(logits, next);
        row.NextLogProb = logits[next] - score.LogSumExp;
    }

    private static double Norm(ReadOnlySpan<float> residual)
    {
        var sum = 0.0;
        foreach (var value in residual)
        {
            sum += (double)value * value;
        }
        return Math.Sqrt(sum);
    }
}
