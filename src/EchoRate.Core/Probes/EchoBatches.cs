using EchoRate.Core.Items;

namespace EchoRate.Core.Probes;

/// <summary>A set's items laid into batches. It follows from the set and the session alone, so that every arm has the same.</summary>
/// <param name="Width">One-token rows that each batch decodes, padding included.</param>
/// <param name="Ranges">
/// The items of each batch, in order: an item without a token belongs to the batch whose next token it stands before. What stands behind
/// the last token is a batch that decodes nothing.
/// </param>
internal sealed record EchoBatches(int Width, IReadOnlyList<Range> Ranges)
{
    /// <summary>Lays items into batches of at most <paramref name="sequences"/> tokens.</summary>
    public static EchoBatches Of(IReadOnlyList<ResolvedItem> items, int sequences)
    {
        if (items is TokenItems)
        {
            return OfTokens(items.Count, BatchPlan.EvenWidth(items.Count, sequences));
        }
        var width = BatchPlan.EvenWidth(items.Count(item => item.Token is not null), sequences);
        var ranges = new List<Range>();
        var (start, end, tokens) = (0, 0, 0);
        foreach (var item in items)
        {
            end++;
            tokens += item.Token is null ? 0 : 1;
            if (tokens == width && width > 0)
            {
                ranges.Add(start..end);
                (start, tokens) = (end, 0);
            }
        }
        if (end > start)
        {
            ranges.Add(start..end);
        }
        return new EchoBatches(width, ranges);
    }

    // Every one has a token; none need be made to know that.
    private static EchoBatches OfTokens(int count, int width)
    {
        var ranges = new List<Range>();
        for (var start = 0; start < count; start += width)
        {
            ranges.Add(start..Math.Min(start + width, count));
        }
        return new EchoBatches(width, ranges);
    }
}
