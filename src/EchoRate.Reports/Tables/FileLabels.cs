using EchoRate.Core.Results;

namespace EchoRate.Reports.Tables;

/// <summary>Short names for the files of a run: <c>demo-echo F16</c>, and the engine or device only where it tells two files apart.</summary>
public static class FileLabels
{
    /// <summary>One label per file, in order.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<FileRecord> files)
    {
        var labels = files
            .Select(file => string.Join(' ', Present(file.Facts.Model, file.Facts.Quantization)))
            .ToArray();
        foreach (
            var twins in Enumerable.Range(0, files.Count).GroupBy(index => labels[index]).ToList()
        )
        {
            string?[][] candidates =
            [
                [.. twins.Select(index => files[index].Engine)],
                [.. twins.Select(index => files[index].Device)],
                [.. twins.Select(index => files[index].Facts.FileId)],
            ];
            var telling = candidates.Where(values => values.Distinct().Count() > 1).ToList();
            foreach (var (position, index) in twins.Index())
            {
                var parts = telling
                    .Select(values => values[position])
                    .Where(value => value is not null);
                labels[index] = string.Join(
                    ' ',
                    [labels[index], .. parts.Select(part => $"({part})")]
                );
            }
        }
        return labels;
    }

    private static IEnumerable<string> Present(params string?[] parts) => parts.OfType<string>();
}
