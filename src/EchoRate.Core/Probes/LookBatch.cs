using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>What goes in, and how the attention of its last token is cut; null for not at all.</summary>
internal readonly record struct CutInput(int[] Ids, AttentionCut? Cut)
{
    public static CutInput Of(LookRow row) => new(row.InputIds!, (row as CutRow)?.Cut);

    public int BeginningLength => Ids.Length - 1;

    /// <summary>Whether two inputs are the same up to their last tokens.</summary>
    public bool BeginsAs(in CutInput other) =>
        Ids.AsSpan(..^1).SequenceEqual(other.Ids.AsSpan(..^1));
}

/// <summary>
/// Batches of last tokens, each behind a beginning that neighbours share: that is decoded once and copied, for a cut is about the last token alone. Where
/// the beginnings are those of the batch before, they stay.
/// </summary>
/// <param name="session">The loaded model; it shows its attention where that is cut.</param>
/// <param name="isFilledByRows">Whether rows that could have a copy decode their beginning themselves to fill its batch, and not tokens that no row sees.</param>
internal sealed class LookBatch(IModelSession session, bool isFilledByRows = false)
{
    private CutInput[] _before = [];
    private bool _isWatched;

    /// <summary>
    /// Lays rows into batches, in order: the inputs of each are at most <paramref name="width"/>, and their beginnings fit in the cache with as many last
    /// tokens. A row where nothing goes in takes no room.
    /// </summary>
    public IReadOnlyList<Range> Pack(IReadOnlyList<CutRow> rows, int width) =>
        BatchPlan.Ranges(
            rows.Count,
            width,
            row => rows[row].InputIds is not null,
            (row, group) =>
            {
                var input = CutInput.Of(rows[row]);
                return group.Count > 0 && input.BeginsAs(CutInput.Of(rows[group[^1]]))
                    ? 0
                    : input.BeginningLength;
            },
            session.CacheSize - width - (BatchPlan.Multiple - 1)
        );

    /// <summary>
    /// Decodes a batch; the session then tells the logits of each last token. It is padded with its own last input.
    /// </summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="width">Inputs in a batch, padding included, at most.</param>
    /// <param name="isWatched">Whether attention is looked at; else the engine computes as it always does, and nothing is cut.</param>
    public void Decode(ReadOnlySpan<CutInput> inputs, int width, bool isWatched)
    {
        var rows = new CutInput[BatchPlan.Width(inputs.Length, width)];
        for (var slot = 0; slot < rows.Length; slot++)
        {
            rows[slot] = inputs[Math.Min(slot, inputs.Length - 1)];
        }
        Begin(rows, isWatched);
        BatchToken[] last =
        [
            .. rows.Select(
                (row, slot) => new BatchToken(row.Ids[^1], row.Ids.Length - 1, slot, true)
            ),
        ];
        Decode(last, [.. rows.Select(row => row.Cut)]);
    }

    /// <summary>
    /// Reads the rows of the batch. Sequences share one cache, and 0 × NaN is NaN: those that are not finite are decoded again, each alone in an empty one.
    /// </summary>
    /// <param name="rows">The rows, in the order of their inputs.</param>
    /// <param name="isWatched">As they were decoded.</param>
    /// <param name="score">Fills in a row by the logits of a slot; called for several rows at once.</param>
    public void Read<TRow>(IReadOnlyList<TRow> rows, bool isWatched, Action<TRow, int> score)
        where TRow : LookRow
    {
        RowReader.Read(session, rows.Count, slot => score(rows[slot], slot));
        var spoilt = rows.Where(row => row.Status != RowStatus.Ok).ToList();
        foreach (var row in rows.Count > 1 ? spoilt : [])
        {
            Forget();
            (row.Status, row.Reason) = (RowStatus.Ok, null);
            Decode([CutInput.Of(row)], 1, isWatched);
            score(row, 0);
        }
        if (spoilt.Count > 0)
        {
            Forget();
        }
    }

    /// <summary>Fills in what the logits of a slot say of a row's token, and what is seen of sinks.</summary>
    /// <returns>The scores; null where a logit is NaN or infinite.</returns>
    public static LogitScore? Score(ProbeContext context, LookRow row, int slot)
    {
        row.Take(SinkFigures.Of(context.Session.Sinks, slot));
        var logits = context.Session.Logits(slot);
        LogitScore? read = LogitScore.TryCompute(logits, row.Token!.Id, out var score)
            ? score
            : null;
        EchoProbe.Fill(row, context, read);
        return read;
    }

    /// <summary>Has the next batch begin in an empty cache: NaN would stay in a cell that another takes.</summary>
    public void Forget() => _before = [];

    private void Begin(CutInput[] rows, bool isWatched)
    {
        var isSame =
            session.CanKeepBeginning
            && isWatched == _isWatched
            && rows.Length == _before.Length
            && rows.Zip(_before).All(pair => pair.First.BeginsAs(pair.Second));
        (_before, _isWatched) = (rows, isWatched);
        if (isSame)
        {
            for (var slot = 0; slot < rows.Length; slot++)
            {
                session.TruncateSequence(slot, rows[slot].BeginningLength);
            }
            return;
        }
        session.Clear();
        var sources = new int[rows.Length];
        for (var slot = 1; slot < rows.Length; slot++)
        {
            sources[slot] = rows[slot].BeginsAs(rows[slot - 1]) ? sources[slot - 1] : slot;
        }
        var isFirst = Enumerable.Range(0, rows.Length).ToLookup(slot => sources[slot] == slot);
        var copies = isFirst[false].Where(slot => rows[slot].BeginningLength > 0).ToList();
        var begun = isFirst[true].ToList();
        if (isFilledByRows)
        {
            var first = begun.Sum(slot => rows[slot].BeginningLength);
            begun.AddRange(copies.Take(BatchPlan.Padded(first) - first));
        }
        var beginnings =
            from slot in begun
            from position in Enumerable.Range(0, rows[slot].BeginningLength)
            select new BatchToken(rows[slot].Ids[position], position, slot, WantsLogits: false);
        // The last tokens begin at a multiple of 16 cells (PrefixedSequences). What fills them could be what is not finite.
        List<BatchToken> cells = [.. beginnings];
        var missing =
            isFilledByRows || rows.Length == 1 ? 0 : BatchPlan.Padded(cells.Count) - cells.Count;
        if (missing > 0)
        {
            cells.AddRange(BatchPlan.Filling(session, cells[^1].Token, 0, missing));
        }
        foreach (var chunk in cells.Chunk(session.BatchSize))
        {
            Decode(chunk, []);
        }
        foreach (var slot in copies.Except(begun))
        {
            session.CopySequence(sources[slot], slot);
        }
    }

    private void Decode(BatchToken[] batch, AttentionCut?[] cuts)
    {
        if (_isWatched)
        {
            session.DecodeWatched(batch, cuts);
        }
        else
        {
            session.Decode(batch);
        }
    }
}
