using System.Runtime.InteropServices;
using System.Text;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>
/// Where in a model an echo is made or unmade: the residual after every layer, decoded by the model's own final norm and head inside the engine
/// (<see cref="IResiduals"/>). Every batch proves itself: what comes out after the last layer must be the model's logits, to the last bit.
/// </summary>
public sealed record LensProbe : Look
{
    // Their logits are held once more than a run holds them.
    private const int MostRows = 64;

    public override LoadOptions Plan(ModelFacts facts, ProbeRequest request, LoadOptions limits)
    {
        var load = request.Plan(
            facts,
            limits with
            {
                Sequences = Math.Min(limits.Sequences, MostRows),
            }
        );
        // No two prompts of a batch share their beginning here, beyond the prefix.
        var longest = Math.Max(1, request.LongestPrompt);
        return load with
        {
            CacheSize = BatchPlan.Multiple + Math.Max(load.BatchSize, load.Sequences * longest),
            Shows = Insight.Layers,
        };
    }

    public override LookRow Unnamed() => new LensRow();

    /// <summary>The rows of a file: set, arm, prefix, item, layer. Prompts are looked at where their last token stands.</summary>
    /// <exception cref="EngineException">The architecture does not show its layers, or the proof failed.</exception>
    internal override IEnumerable<Section> Sections(ProbeContext context, ProbeRequest request)
    {
        var place = 0L;
        foreach (var (name, items) in Sets(context, request))
        {
            foreach (var prefix in FileProbe.Prefixes(context, request))
            {
                var set = new EchoSet(context, name, items, prefix, 0);
                var first = place;
                place += items.Count * RowsOf(context.Facts);
                yield return new Section(
                    set.Batches(),
                    batches =>
                        batches.SelectMany(batch =>
                            Measure(set, [.. Blank<LensRow>(set, batch)], first)
                        ),
                    batch =>
                        Blank<LensRow>(set, batch).SelectMany(item => EachLayer(set, item, first))
                )
                {
                    RowCount = batch =>
                        Blank<LensRow>(set, batch).Sum(item => EachLayer(set, item, first).Count()),
                };
            }
        }
    }

    // The input embedding and every layer.
    private static long RowsOf(ModelFacts facts) => (facts.Layers ?? 0) + 1;

    /// <summary>Sets of items, and of prompts as items.</summary>
    internal static IEnumerable<(string Name, IReadOnlyList<ResolvedItem> Items)> Sets(
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

    /// <summary>A batch's rows before anything is measured. A prompt's row knows its last token; all of its tokens go in.</summary>
    internal static IEnumerable<TRow> Blank<TRow>(EchoSet set, Range batch)
        where TRow : LookRow, new()
    {
        foreach (var (offset, row) in set.Blank<TRow>(batch).Index())
        {
            var item = set.Items[batch.Start.Value + offset];
            if (row.InputIds is not null && item.Ids.Length > 1)
            {
                row.InputIds = [.. set.Prefix.Ids, .. item.Ids];
                row.Flags = set.Context.FlagsOf(item.Ids);
            }
            yield return row;
        }
    }

    // An item's rows before anything is measured: one where nothing goes in.
    private static IEnumerable<LensRow> EachLayer(EchoSet set, LensRow item, long first)
    {
        var rows = RowsOf(set.Context.Facts);
        var place = first + (item.Place * rows);
        return item.InputIds is null
            ? [item with { Place = place }]
            : Enumerable
                .Range(0, (int)rows)
                .Select(at => item with { Layer = at - 1, Place = place + at });
    }

    private static IEnumerable<LensRow> Measure(EchoSet set, LensRow[] items, long first)
    {
        var fed = items.Where(item => item.InputIds is not null).ToList();
        var rows = items.Select(item => EachLayer(set, item, first).ToArray()).ToList();
        if (fed.Count == 0)
        {
            return rows.SelectMany(layers => layers);
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
        var measured = rows.Where(layers => layers[0].InputIds is not null).ToList();
        for (var layer = last; layer >= -1; layer--)
        {
            if (layer < last)
            {
                residuals.DecodeAfter(layer);
            }
            foreach (var (slot, layers) in measured.Index())
            {
                var row = layers[layer + 1];
                row.Take(session.Sinks!.At(layer, slot));
                row.ResidualNorm = row.ResidualRms * Math.Sqrt(residuals.Width);
                Score(set.Context, row, session.Logits(slot), answers[slot]);
            }
        }
        return rows.SelectMany(layers => layers);
    }

    // The prefix once for all, then what else stands before each last token, then all last tokens in one batch.
    private static void Capture(EchoSet set, IResiduals residuals, List<LensRow> fed)
    {
        var session = set.Context.Session;
        var width = BatchPlan.Width(fed.Count, set.Width);
        var prefix = new PrefixedSequences(session, set.Prefix.Ids, width);
        var before =
            from slot in Enumerable.Range(0, width)
            let ids = InputOf(slot)
            from position in Enumerable.Range(prefix.Length, ids.Length - 1 - prefix.Length)
            select new BatchToken(ids[position], position, slot, WantsLogits: false);
        foreach (var chunk in before.Chunk(session.BatchSize))
        {
            session.Decode(chunk);
        }
        residuals.Capture([
            .. Enumerable
                .Range(0, width)
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
        LogitScore.TryCompute(logits, null, out var score) ? score.Top1 : null;

    private static void Score(
        ProbeContext context,
        LensRow row,
        ReadOnlySpan<float> logits,
        int? answer
    )
    {
        if (answer is not { } next || !LogitScore.TryCompute(logits, row.Token!.Id, out var score))
        {
            EchoProbe.Fill(row, context, null);
            row.Take(default);
            row.ResidualNorm = null;
            return;
        }
        EchoProbe.Fill(row, context, score);
        row.Next = context.Finder.Token(next);
        row.NextRank = LogitScore.RankOf(logits, next);
        row.NextLogProb = logits[next] - score.LogSumExp;
    }
}
