using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

/// <summary>docs/columns.md lists the columns that the code writes; what it says of their cells is held against runs elsewhere.</summary>
public sealed class ColumnsPageTests
{
    private readonly string[] _sections = File.ReadAllText(
            Path.Combine(Repository.Root, "docs", "columns.md")
        )
        .Split("\n## ");

    [Fact]
    public void The_page_lists_every_column_in_order_with_its_kind()
    {
        Check(RunCsv.Files);
        Check(RunCsv.Echo);
        Check(RunCsv.Completion);
        Check(RunCsv.Summary);
        Check(RunCsv.Compare);
        Check(LookCsv.Lens);
        Check(LookCsv.Cut);
        Check(LookCsv.CutSummary);
        Check(LookCsv.Positions);
        Check(LookCsv.PositionsSummary);
        Check(LookCsv.Prefixes);
        Check(LookCsv.PrefixesSummary);
        Check(LookCsv.Sinks);
    }

    private void Check<TRow>(ColumnTable<TRow> table)
    {
        var rows = _sections
            .Single(section => section.StartsWith(table.Name + ".csv\n"))
            .Split('\n')
            .Where(line => line.StartsWith("| `"))
            .Select(line => line.Split(" | "))
            .ToList();

        Assert.Equal(table.Names.Select(name => $"| `{name}`"), rows.Select(row => row[0]));
        // A range may follow the kind.
        Assert.All(
            table.Zip(rows),
            one => Assert.StartsWith(KindOf(one.First) + ", ", one.Second[2] + ", ")
        );
    }

    private static string KindOf<TRow>(Column<TRow> column) =>
        column.Name.EndsWith("_nat", StringComparison.Ordinal) ? "nats"
        : column.Name.EndsWith("_ms", StringComparison.Ordinal) ? "milliseconds"
        : column.Name.EndsWith("_bytes", StringComparison.Ordinal) ? "bytes"
        : column.Kind;
}
