using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>
/// A text's windows under one prefix, laid into batches: as many windows as have room in one, each in a sequence of its own, or of a longer window part after
/// part. All but the last are of one length. The layout follows from the text and the session alone; the first row's place among the file's rows is given.
/// </summary>
internal sealed class PositionSet(
    ProbeContext context,
    ArmPrefix prefix,
    string text,
    int[][] windows,
    long first
)
{
    private readonly int _width = Math.Min(
        context.Session.SequenceCount,
        context.Session.BatchSize
    );

    /// <summary>The batches with their rows; a batch is a range of windows.</summary>
    public Section Section()
    {
        var together = Math.Max(1, _width / windows[0].Length);
        return new(
            [
                .. Enumerable
                    .Range(0, windows.Length)
                    .Chunk(together)
                    .Select(batch => batch[0]..(batch[^1] + 1)),
            ],
            batches =>
                batches.SelectMany(batch =>
                    prefix.Missing is null ? Measure(batch, _width) : Blank(batch)
                ),
            Blank
        )
        {
            RowCount = batch => windows[batch].Sum(window => window.Length),
        };
    }

    // The rows of a batch before anything is measured.
    private PositionRow[] Blank(Range batch) =>
        [
            .. from window in Windows(batch)
            let ids = windows[window]
            let flags = prefix.Missing is null ? context.FlagsOf(ids) : []
            from at in Enumerable.Range(0, ids.Length)
            select new PositionRow
            {
                Place = first + ((long)window * windows[0].Length) + at,
                Window = window,
                Position = at,
                Arm = prefix.Arm.Name,
                Prefix = prefix.Token,
                ItemSet = text,
                Token = context.Finder.Token(ids[at]),
                Next = at + 1 < ids.Length ? context.Finder.Token(ids[at + 1]) : null,
                Status = prefix.Missing is null ? RowStatus.Ok : prefix.MissingStatus,
                Flags = flags,
                Reason = prefix.Missing,
            },
        ];

    // Sequences and positions share the cache, and 0 × NaN is NaN: one that is not finite spoils others of its batch. From there on each is decoded alone.
    private IEnumerable<PositionRow> Measure(Range batch, int width)
    {
        var rows = Blank(batch);
        var tokens = Begin(batch);
        for (var start = 0; start < tokens.Length; )
        {
            var part = start..Math.Min(tokens.Length, start + width);
            context.Session.Decode(Padded(tokens[part], width));
            if (!TryScore(rows[part]) && width > 1)
            {
                var alone = Windows(batch).SelectMany(window => Measure(window..(window + 1), 1));
                foreach (var row in alone.Skip(start))
                {
                    yield return row;
                }
                yield break;
            }
            for (; start < part.End.Value; start++)
            {
                yield return rows[start];
            }
        }
    }

    private static IEnumerable<int> Windows(Range batch) =>
        Enumerable.Range(batch.Start.Value, batch.End.Value - batch.Start.Value);

    // Puts the prefix in front of each window, and tells what is to be decoded behind it: (window, token).
    private BatchToken[] Begin(Range batch)
    {
        var count = batch.End.Value - batch.Start.Value;
        var begun = new PrefixedSequences(context.Session, prefix.Ids, count).Length;
        return
        [
            .. from sequence in Enumerable.Range(0, count)
            from token in windows[batch.Start.Value + sequence].Index()
            select new BatchToken(token.Item, begun + token.Index, sequence, WantsLogits: true),
        ];
    }

    // Rows of a batch are a multiple of 16 (BatchPlan): what is missing at the end are lone tokens in sequences of their own.
    private static BatchToken[] Padded(BatchToken[] tokens, int width)
    {
        var last = tokens[^1];
        var missing = Math.Min(width, BatchPlan.Padded(tokens.Length)) - tokens.Length;
        return
        [
            .. tokens,
            .. Enumerable
                .Range(last.Sequence + 1, missing)
                .Select(other => last with { Position = 0, Sequence = other }),
        ];
    }

    /// <returns>Whether all are finite.</returns>
    private bool TryScore(PositionRow[] rows)
    {
        var session = context.Session;
        RowReader.Read(
            session,
            rows.Length,
            slot =>
            {
                var row = rows[slot];
                if (
                    LookBatch.Score(context, row, slot) is { } score
                    && row.Next is { Id: var next }
                )
                {
                    var logits = session.Logits(slot);
                    row.NextLogProb = logits[next] - score.LogSumExp;
                    row.NextRank = LogitScore.RankOf(logits, next);
                }
            }
        );
        return Array.TrueForAll(rows, row => row.Status == RowStatus.Ok);
    }
}
