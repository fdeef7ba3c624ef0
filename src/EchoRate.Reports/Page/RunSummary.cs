using EchoRate.Core.Results;
using EchoRate.Reports.Csv;

namespace EchoRate.Reports.Page;

/// <summary>What a run adds up to.</summary>
/// <param name="Files">Its files, in order.</param>
/// <param name="Contrasts">Its contrasts, in order.</param>
public sealed record RunSummary(
    IReadOnlyList<FileSummary> Files,
    IReadOnlyList<CompareRow> Contrasts
)
{
    /// <summary>Cells that are longer than a spreadsheet keeps.</summary>
    public IReadOnlyList<LongCells> LongCells { get; init; } = [];

    /// <summary>Whether a file is what the others of its ladder are held against.</summary>
    public bool IsReference(FileRecord file) =>
        Contrasts.Any(row => row.Contrast == ContrastKind.Quant && row.A == file);

    /// <summary>The files that were measured, with their numbers.</summary>
    public IReadOnlyList<(int Index, FileSummary Item)> Measured { get; } =
    [.. Files.Index().Where(file => file.Item.File.Status.IsMeasurement())];

    /// <summary>The files that speak for their models: the reference of each ladder.</summary>
    public IEnumerable<(int Index, FileSummary Item)> Speakers =>
        Measured
            .GroupBy(file => file.Item.File.Facts.Model)
            .Select(model =>
                model.FirstOrDefault(file => IsReference(file.Item.File), model.First())
            );

    /// <summary>A short name for each file.</summary>
    public IReadOnlyList<string> Labels { get; } =
        FileLabels.Of([.. Files.Select(file => file.File)]);
}

/// <summary>What one file adds up to.</summary>
/// <param name="File">The file.</param>
/// <param name="Rows">One row for each arm, probe and set.</param>
public sealed record FileSummary(FileRecord File, IReadOnlyList<SummaryRow> Rows);
