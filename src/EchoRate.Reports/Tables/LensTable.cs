using System.Globalization;
using EchoRate.Core.Results;

namespace EchoRate.Reports.Tables;

/// <summary>Layer × (file, arm): how many items the model would give back if it ended there.</summary>
public sealed class LensTable
{
    private readonly List<string> _columns = [];
    private readonly SortedDictionary<
        int,
        Dictionary<string, (int Echoes, int Measured)>
    > _layers = [];

    /// <summary>Counts a row.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="row">The row.</param>
    public void Add(string file, LensRow row)
    {
        if (row is not { Layer: { } layer, Echo: { } echo })
        {
            return;
        }
        var column = $"{file} {row.Arm}";
        if (!_columns.Contains(column))
        {
            _columns.Add(column);
        }
        if (!_layers.TryGetValue(layer, out var counts))
        {
            _layers[layer] = counts = [];
        }
        var (echoes, measured) = counts.GetValueOrDefault(column);
        counts[column] = (echoes + (echo ? 1 : 0), measured + 1);
    }

    /// <summary>The table; empty where nothing was measured.</summary>
    public string Render(TableStyle style)
    {
        if (_columns.Count == 0)
        {
            return "";
        }
        var table = new PipeTable(
            ["Layer", .. _columns],
            leading: 1,
            right: [.. Enumerable.Range(0, _columns.Count + 1)]
        );
        foreach (var (layer, counts) in _layers)
        {
            table.Add([
                layer.ToString(CultureInfo.InvariantCulture),
                .. _columns.Select(column =>
                    counts.TryGetValue(column, out var count)
                        ? new TableCell(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{count.Echoes}/{count.Measured}"
                            )
                        )
                        : ""
                ),
            ]);
        }
        return table.Render(style);
    }
}
