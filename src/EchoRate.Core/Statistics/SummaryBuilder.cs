using EchoRate.Core.Results;

namespace EchoRate.Core.Statistics;

/// <summary>
/// Adds up the rows of one file as they come by and gives its summary rows: one per arm × probe × set, in the order first seen.
/// It holds a rank (4 bytes) per measured row, nothing else that grows with the rows.
/// </summary>
public sealed class SummaryBuilder
{
    private readonly Dictionary<(string Probe, string? Set, string Arm), SummaryGroup> groups = [];
    private readonly List<SummaryGroup> ordered = [];

    /// <summary>Takes one row into account.</summary>
    public void Add(MeasuredRow row)
    {
        var (probe, set) = row switch
        {
            EchoRow echo => ("echo", echo.ItemSet),
            CompletionRow completion => ("completion", completion.PromptSet),
            _ => throw new ArgumentException(
                $"No probe is known for {row.GetType().Name}.",
                nameof(row)
            ),
        };
        if (!groups.TryGetValue((probe, set, row.Arm), out var group))
        {
            group = new SummaryGroup(probe, set, row.Arm);
            groups.Add((probe, set, row.Arm), group);
            ordered.Add(group);
        }
        group.Add(row);
    }

    /// <summary>The summary rows so far, for the file whose rows these were.</summary>
    public IReadOnlyList<SummaryRow> Build(FileRecord file) =>
        [.. ordered.Select(group => group.Build(file))];
}
