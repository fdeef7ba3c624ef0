using EchoRate.Core.Items;
using EchoRate.Core.Results;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Page;

/// <summary>Where a run's numbers come from, as a report says it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="IsFinished">Whether it ended.</param>
/// <param name="Facts">Names and values, in order.</param>
/// <param name="Command">The command line that repeats it.</param>
public sealed record ReportOrigin(
    string RunId,
    bool IsFinished,
    IReadOnlyList<(string Name, string Value)> Facts,
    string Command
);

/// <summary>All that a report is made from.</summary>
/// <param name="Summary">What the run adds up to.</param>
/// <param name="Rows">What was kept of its rows.</param>
/// <param name="Origin">Where it comes from.</param>
public sealed record ReportInput(RunSummary Summary, ReportRows Rows, ReportOrigin Origin)
{
    private const int LongestPiece = 48;

    private readonly bool _hasLadders = Summary
        .Files.GroupBy(file => file.File.Facts.Model)
        .Any(model => model.Count() > 1);

    /// <summary>The sentences.</summary>
    internal RunFindings Findings { get; } = new(Summary, Rows);

    /// <summary>A file's name.</summary>
    internal string Label(int file) => Summary.Labels[file];

    /// <summary>A file's name where its model's stands above.</summary>
    internal string LabelWithin(int file, string model) =>
        model.Length > 0 && Label(file).StartsWith(model + " ", StringComparison.Ordinal)
            ? Label(file)[(model.Length + 1)..]
            : Label(file);

    /// <summary>What a file stands together with in charts and tables: its model, where models have several files; else all together.</summary>
    internal string GroupOf(int file) => _hasLadders ? Summary.Files[file].File.Facts.Model : "";

    /// <summary>A set's name in words.</summary>
    internal static string SetName(string? set) =>
        set == PublishedWords.Name ? "the published words" : set ?? "";

    /// <summary>A model's piece as a cell.</summary>
    internal static DataCell Piece(byte[]? bytes, int longest = LongestPiece) =>
        bytes is null
            ? ""
            : new DataCell(PageText.Cut(PieceNotation.Format(bytes), longest, "…'"), IsPiece: true);

    /// <summary>What a row answered, with its marks.</summary>
    internal static DataCell Outcome(MeasuredRow row)
    {
        if (row is not { Status: RowStatus.Ok, Answer: { } answer })
        {
            return DataCell.Absent(row.Status, (row as EchoRow)?.TokenizedIds?.Length);
        }
        var published = row.PublishedMatch switch
        {
            true => "✓",
            false => "✗",
            null => "",
        };
        return Piece(answer.Bytes) with
        {
            Marks = (row.Outcome == true ? "=" : "") + (row.NearTie == true ? "~" : "") + published,
            Kind =
                row.NearTie == true ? CellKind.Near
                : row.Outcome == true ? CellKind.Hit
                : CellKind.Plain,
        };
    }
}
