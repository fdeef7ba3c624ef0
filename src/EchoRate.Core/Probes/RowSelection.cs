namespace EchoRate.Core.Probes;

/// <summary>
/// Which of a file's rows are measured. Batches are planned from the whole, as if all rows were asked for (<see cref="BatchPlan"/>); the
/// selection takes whole batches of that plan, so that a row has the same neighbours, slot, width and place whatever else is measured.
/// </summary>
/// <param name="SkipRows">
/// Rows that are there already, counted in the order of this selection's rows: batches that are wholly there are passed over. Where the
/// number ends within a batch, that batch is measured again and only its remaining rows are given.
/// </param>
/// <param name="Shard">The shard, 0-based: it takes the batches whose number leaves this remainder.</param>
/// <param name="Shards">
/// Into how many shards the file's batches are dealt, counted over all sets, arms, prefixes and probes; 1 for the whole.
/// </param>
public sealed record RowSelection(long SkipRows = 0, int Shard = 0, int Shards = 1)
{
    /// <summary>Every row.</summary>
    public static readonly RowSelection Whole = new();
}

/// <summary>Goes along the batches of a file, section by section, and says which of them a selection takes.</summary>
internal sealed class BatchChoice
{
    private readonly int _shard;
    private readonly int _shards;
    private long _skip;
    private long _batches;

    public BatchChoice(RowSelection selection)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(selection.SkipRows);
        ArgumentOutOfRangeException.ThrowIfLessThan(selection.Shards, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(selection.Shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(selection.Shard, selection.Shards);
        (_shard, _shards, _skip) = (selection.Shard, selection.Shards, selection.SkipRows);
    }

    /// <summary>The batches of the next section that are to be measured.</summary>
    /// <returns>Those taken, and how many rows at the beginning of the first are there already.</returns>
    public (IReadOnlyList<Range> Batches, int There) Of(Section section)
    {
        var (taken, there) = (new List<Range>(), 0);
        foreach (var batch in section.Batches)
        {
            if (_batches++ % _shards != _shard)
            {
                continue;
            }
            var rows = section.RowCount(batch);
            if (_skip >= rows)
            {
                _skip -= rows;
                continue;
            }
            if (_skip > 0)
            {
                (there, _skip) = ((int)_skip, 0);
            }
            taken.Add(batch);
        }
        return (taken, there);
    }
}
