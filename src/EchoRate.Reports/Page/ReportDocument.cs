using System.Xml.Linq;
using EchoRate.Core.Results;

namespace EchoRate.Reports.Page;

/// <summary>A report as its parts, before it becomes HTML or Markdown. All texts are plain: whoever writes them escapes them.</summary>
/// <param name="Title">The title.</param>
/// <param name="Sections">Its sections, in order.</param>
public sealed record ReportDocument(string Title, IReadOnlyList<ReportSection> Sections);

/// <summary>A section, with its heading.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Blocks">What stands below it.</param>
public sealed record ReportSection(string Title, IReadOnlyList<ReportBlock> Blocks);

/// <summary>A part of a section.</summary>
public abstract record ReportBlock;

/// <summary>A smaller heading.</summary>
public sealed record Heading(string Text) : ReportBlock;

/// <summary>A paragraph.</summary>
public sealed record Words(string Text) : ReportBlock;

/// <summary>A list of sentences.</summary>
public sealed record Lines(IReadOnlyList<string> Items) : ReportBlock;

/// <summary>A command line, or something else that is read letter by letter.</summary>
public sealed record Verbatim(string Text) : ReportBlock;

/// <summary>Charts that stand side by side, with the table that says the same.</summary>
/// <param name="Charts">The charts, as SVG.</param>
/// <param name="Behind">The table.</param>
public sealed record Figures(IReadOnlyList<XElement> Charts, DataTable Behind) : ReportBlock;

/// <summary>A table.</summary>
/// <param name="Caption">What it shows, in a few words.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows, each with as many cells.</param>
public sealed record DataTable(
    string Caption,
    IReadOnlyList<DataColumn> Columns,
    IReadOnlyList<DataCell[]> Rows
) : ReportBlock
{
    /// <summary>Whether it is long: people search and sort it; Markdown has its beginning.</summary>
    public bool IsLong { get; init; }

    /// <summary>Whether it is there for those who ask.</summary>
    public bool IsFolded { get; init; }

    /// <summary>How many columns are repeated where a terminal is too narrow for all.</summary>
    public int Leading { get; init; } = 1;

    /// <summary>A table of rows of any kind, each column with how its cell is made.</summary>
    public static DataTable Of<T>(
        string caption,
        IEnumerable<T> rows,
        IReadOnlyList<(DataColumn Column, Func<T, DataCell> Cell)> columns
    ) =>
        new(
            caption,
            [.. columns.Select(column => column.Column)],
            [.. rows.Select(row => columns.Select(column => column.Cell(row)).ToArray())]
        );

    /// <summary>The same without columns in which nothing stands.</summary>
    public DataTable WithoutEmpty()
    {
        bool[] isKept =
        [
            .. Columns.Select((_, column) => Rows.Any(row => row[column].Text.Length > 0)),
        ];
        return this with
        {
            Columns = [.. Columns.Where((_, column) => isKept[column])],
            Rows = [.. Rows.Select(row => row.Where((_, column) => isKept[column]).ToArray())],
        };
    }
}

/// <summary>A column.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="IsNumber">Whether its cells are numbers, flush right.</param>
public sealed record DataColumn(string Name, bool IsNumber = false)
{
    /// <summary>A column of texts.</summary>
    public static implicit operator DataColumn(string name) => new(name);

    /// <summary>A column of numbers.</summary>
    public static DataColumn Number(string name) => new(name, true);
}

/// <summary>A cell.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Kind">What its colour says; the text says it too.</param>
/// <param name="IsPiece">Whether the text is one of a model's pieces.</param>
public readonly record struct DataCell(
    string Text,
    CellKind Kind = CellKind.Plain,
    bool IsPiece = false
)
{
    /// <summary>Marks that stand behind the text.</summary>
    public string Marks { get; init; } = "";

    /// <summary>A plain text.</summary>
    public static implicit operator DataCell(string? text) => new(text ?? "");

    /// <summary>A few words for what was not measured.</summary>
    internal static DataCell Absent(RowStatus status, int? tokenCount = null) =>
        new(
            status switch
            {
                RowStatus.NoBos => "no BOS",
                RowStatus.NotSingleToken => tokenCount is { } count
                    ? $"({count} tokens)"
                    : "(not 1 token)",
                RowStatus.Nonfinite => "NaN",
                RowStatus.NotHere => "not here",
                RowStatus.Failed => "failed",
                _ => "",
            },
            CellKind.Absent
        );
}

/// <summary>What a cell says beside its text.</summary>
public enum CellKind
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>An echo, a hit.</summary>
    Hit,

    /// <summary>A hit, or none, that the arithmetic may turn over.</summary>
    Near,

    /// <summary>Not measured.</summary>
    Absent,
}
