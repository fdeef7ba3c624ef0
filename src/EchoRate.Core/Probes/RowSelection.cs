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
