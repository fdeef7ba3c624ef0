using EchoRate.Core.Results;

namespace EchoRate.Reports.Page;

/// <summary>Short names for the files of a run: <c>demo-echo F16</c>, and device or embedding only where they tell two files apart.</summary>
public static class FileLabels
{
    /// <summary>One label per file, in order.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<FileRecord> files)
    {
        var labels = files
            .Select(file => $"{file.Facts.Model} {file.Facts.Label}".TrimEnd())
            .ToArray();
        foreach (
            var twins in Enumerable.Range(0, files.Count).GroupBy(index => labels[index]).ToList()
        )
        {
            string?[][] candidates =
            [
                [.. twins.Select(index => files[index].Device)],
                [.. twins.Select(index => Embedding(files[index]))],
            ];
            // What tells people little comes last, where nothing else tells all apart: a device that was asked for and not taken, the id, and
            // at the very end a number. Files of one label would be one file in a table.
            string?[][] lastResorts =
            [
                [.. twins.Select(index => files[index].DeviceLabel)],
                [.. twins.Select(index => files[index].Facts.FileId)],
                [.. Enumerable.Range(1, twins.Count()).Select(number => $"#{number}")],
            ];
            var telling = candidates.Where(Tells).ToList();
            foreach (var values in lastResorts.Where(Tells))
            {
                if (!TellApart(telling, twins.Count()))
                {
                    telling.Add(values);
                }
            }
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

    private static bool TellApart(List<string?[]> telling, int count) =>
        Enumerable
            .Range(0, count)
            .Select(position => string.Join('/', telling.Select(values => values[position])))
            .Distinct()
            .Count() == count;

    private static bool Tells(string?[] values) => values.Distinct().Count() > 1;

    private static string? Embedding(FileRecord file) =>
        file.Facts.TokenEmbeddingType is { } type ? "embd " + type : null;
}
