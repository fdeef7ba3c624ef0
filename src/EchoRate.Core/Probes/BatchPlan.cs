using EchoRate.Core.Engine;

namespace EchoRate.Core.Probes;

/// <summary>
/// How rows are laid into batches. A row's logits do not depend on its neighbours, but the batch's size and the row's slot can touch the last digits. So the
/// batches of a set have the same width, the last one is padded, and which row sits in which slot follows from the set alone, not from what was measured before.
/// </summary>
public static class BatchPlan
{
    /// <summary>
    /// Rows in a batch are a multiple of this. llama.cpp's kernels for packed weights take rows by fours and more, and what is left over goes through other ones,
    /// which on a real model moved margins by up to 1.7 nat. With multiples of 16 a row has the same digits whatever the width.
    /// </summary>
    public const int Multiple = 16;

    /// <summary>So many rows, or the next larger number that a batch can have.</summary>
    public static int Padded(int rows) => (rows + Multiple - 1) / Multiple * Multiple;

    /// <summary>Tokens that fill a batch, or cells of the cache, behind those that are there: all the same one, in the sequence that no row uses.</summary>
    internal static IEnumerable<BatchToken> Filling(
        IModelSession session,
        int token,
        int from,
        int count
    ) =>
        Enumerable
            .Range(from, count)
            .Select(position => new BatchToken(
                token,
                position,
                session.PaddingSequence,
                WantsLogits: false
            ));

    /// <summary>
    /// The width of the batches for so many one-token rows: all that <paramref name="sequences"/> allows. The last batch may be narrower.
    /// </summary>
    public static int Width(int rows, int sequences)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        return Math.Min(sequences, Padded(rows));
    }

    /// <summary>
    /// The rows of each batch, in order: one that feeds nothing belongs to the batch whose next fed row it stands before. What stands behind the last fed one
    /// belongs to the last batch; where that is full, it is a batch that decodes nothing.
    /// </summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="width">Most fed rows in a batch.</param>
    /// <param name="isFed">Whether a row is fed.</param>
    /// <param name="cost">Tokens that a fed row takes behind those that are in its batch; null for none. One that takes more than the budget has a batch of its own.</param>
    /// <param name="budget">Most tokens in a batch.</param>
    internal static List<Range> Ranges(
        int rows,
        int width,
        Func<int, bool> isFed,
        Func<int, List<int>, int>? cost = null,
        int budget = int.MaxValue
    )
    {
        var ranges = new List<Range>();
        var group = new List<int>();
        var (start, taken) = (0, 0);
        for (var row = 0; row < rows; row++)
        {
            if (!isFed(row))
            {
                continue;
            }
            var own = cost?.Invoke(row, group) ?? 0;
            if (group.Count > 0 && taken + own > budget)
            {
                Close();
                own = cost!(row, group);
            }
            group.Add(row);
            taken += own;
            if (group.Count == width)
            {
                Close();
            }
        }
        if (start < rows)
        {
            ranges.Add(start..rows);
        }
        return ranges;

        void Close()
        {
            var end = group[^1] + 1;
            ranges.Add(start..end);
            (start, taken) = (end, 0);
            group.Clear();
        }
    }

    /// <summary>
    /// Rows in a batch that fit into memory: their logits stand there twice, once where they are computed and once where they are read. A
    /// power of two below <paramref name="most"/>, so that it changes seldom: on a GPU the width of a batch touches the last digits.
    /// </summary>
    /// <param name="freeBytes">Memory that nothing uses, weights and a margin already taken off.</param>
    /// <param name="vocabularySize">Logits in a row.</param>
    /// <param name="most">Most rows, 1 or more.</param>
    public static int RowsThatFit(long freeBytes, int vocabularySize, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        const int copies = 2;
        var rows = freeBytes / (copies * sizeof(float) * (long)Math.Max(1, vocabularySize));
        if (rows >= most)
        {
            return most;
        }
        return rows < 1 ? 1 : 1 << (int)Math.Log2(rows);
    }
}
