namespace EchoRate.Core.Probes;

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
    /// <param name="section">All batches of the section, in order.</param>
    /// <returns>Those taken, and how many rows at the beginning of the first are there already.</returns>
    public (IReadOnlyList<Range> Batches, int There) Of(IReadOnlyList<Range> section)
    {
        var (taken, there) = (new List<Range>(), 0);
        foreach (var batch in section)
        {
            if (_batches++ % _shards != _shard)
            {
                continue;
            }
            var rows = batch.End.Value - batch.Start.Value;
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
