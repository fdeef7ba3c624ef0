using EchoRate.Core.Results;

namespace EchoRate.Core.Statistics;

/// <summary>
/// Adds up the rows of one file as they come by and gives its summary rows: one per arm × probe × set, in the order first seen.
/// It holds a rank (4 bytes) per measured row, nothing else that grows with the rows.
/// </summary>
public sealed class SummaryBuilder
{
    private readonly OrderedDictionary<(string, string?, string), SummaryGroup> _groups = [];

    /// <summary>Takes one row into account.</summary>
    public void Add(MeasuredRow row)
    {
        if (!_groups.TryGetValue((row.Probe, row.Set, row.Arm), out var group))
        {
            group = new SummaryGroup(row.Probe, row.Set, row.Arm);
            _groups.Add((row.Probe, row.Set, row.Arm), group);
        }
        group.Add(row);
    }

    /// <summary>
    /// The summary rows so far, for the file whose rows these were, with what the other arithmetic says to a part of them; null where it was not
    /// asked.
    /// </summary>
    public IReadOnlyList<SummaryRow> Build(FileRecord file, ArithmeticCheck? check = null)
    {
        check ??= new ArithmeticCheck(file, []);
        return [.. _groups.Values.Select(group => group.Build(file, check))];
    }
}
