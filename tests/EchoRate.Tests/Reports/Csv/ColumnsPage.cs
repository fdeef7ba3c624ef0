using System.Text;
using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

/// <summary>docs/columns.md: every column of every CSV file, from the tables that write them.</summary>
internal static class ColumnsPage
{
    private const string Beginning = """
        # The columns

        Generated from the code that writes the files; a test fails where this page differs, and `scripts/accept-golden` accepts what it got.
        What the files are for stands in the [README](../README.md#what-a-run-leaves), how it is measured in [files.md](files.md).

        - An empty cell means that there is no value, and the last column says where that is so. "not measured": `status` is not `ok`, and `reason` says why.
          There is no NaN and no infinity.
        - Numbers have at most 15 significant digits. Logarithms are natural; the unit is in the column's name: `_nat`, `_ms`, `_bytes`.
          Truth values are 0 and 1, so that an average is a rate.
        - Text is plain, leading space and all. Where a cell would begin like a formula, or holds control characters or broken UTF-8, it takes the
          piece form, in the `excel` profiles also where a spreadsheet would show something else (`'00123'`, `'1e5'`, `'12/3'`, `'TRUE'`).
        - A piece is bytes in single quotes, with C-style escapes: `' John'`, `'\n'`, `'\xe2\x82'`. Hex is `0x204a6f686e`, ids are `[2 3434]`, a hash is `sha256:…`.

        """;

    private const string End = """

        ## Words of `flags`

        `space_prefix_forced`: an old Gemma file that lacks `add_space_prefix=false`, loaded as if it had it. `bos_in_text`: what was probed holds BOS itself, which the
        file lets text write. `inputs_differ`: other ids went in than into the reference, so nothing is compared. `gpu_not_used`: a GPU was asked for and holds
        nothing. `not_exact`: exact arithmetic was wanted, and this architecture multiplies weights otherwise. `manifest_contradicts_header`, `name_contradicts_header`: manifest
        or file name say another quantization, family or tuning, and the header counts. What [`inspect`](inspect-and-tokenize.md) warns of and touches what is measured has
        its words there, `no_pre_tokenizer` for instance.

        """;

    /// <summary>The page, lines ending in a line feed.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder(Beginning);
        Add(text, FilesCsv.Table, "one row per model file × engine × device", FilesCsv.Columns);
        Add(text, EchoCsv.Table, "one row per file × set × arm × prefix × item", EchoCsv.Columns);
        Add(
            text,
            CompletionCsv.Table,
            "one row per file × set × arm × prefix × prompt",
            CompletionCsv.Columns
        );
        Add(text, SummaryCsv.Table, "one row per file × arm × probe × set", SummaryCsv.Columns);
        Add(
            text,
            CompareCsv.Table,
            "one row per contrast; `a_` is what `b_` is held against, differences are b − a",
            CompareCsv.Columns
        );
        Add(
            text,
            LensCsv.Table,
            "one row per file × arithmetic × set × arm × prefix × item × layer (`echorate lens`)",
            LensCsv.Columns
        );
        Add(
            text,
            CutCsv.Table,
            "one row per file × arithmetic × set × arm × prefix × item × cut (`echorate cut`)",
            CutCsv.Columns
        );
        Add(
            text,
            CutSummaryCsv.Table,
            "one row per file × arithmetic × set × arm × cut (`echorate cut`)",
            CutSummaryCsv.Columns
        );
        Add(
            text,
            PositionsCsv.Table,
            "one row per file × arithmetic × arm × prefix × token of the text (`echorate positions`)",
            PositionsCsv.Columns
        );
        Add(
            text,
            PositionsSummaryCsv.Table,
            "one row per file × arithmetic × arm × prefix × part of the windows",
            PositionsSummaryCsv.Columns
        );
        Add(
            text,
            PrefixesCsv.Table,
            "one row per file × arithmetic × set × prefix × item (`echorate prefixes`)",
            PrefixesCsv.Columns
        );
        Add(
            text,
            PrefixesSummaryCsv.Table,
            "one row per file × arithmetic × set × prefix, the strongest enders of the echo first",
            PrefixesSummaryCsv.Columns
        );
        Add(
            text,
            SinksCsv.Table,
            "one row per file × arithmetic × set × arm × place of the attention sink (`lens`, `cut`, `positions`, `prefixes`)",
            SinksCsv.Columns
        );
        return text.Append(End).ToString().ReplaceLineEndings("\n");
    }

    /// <summary>A column's cells in words, and what they may be; null for any.</summary>
    /// <param name="column">The column.</param>
    public static (string Meaning, string? Range, string Empty) Parts<TRow>(Column<TRow> column)
    {
        return column.Description.Split(" | ") switch
        {
            [var meaning, var range, var empty] => (meaning, range, empty),
            [var meaning, var empty] => (meaning, null, empty),
            _ => throw new InvalidOperationException($"{column.Name} is not described."),
        };
    }

    private static void Add<TRow>(
        StringBuilder text,
        string table,
        string rows,
        ColumnTable<TRow> columns
    )
    {
        text.Append($"\n## {table}.csv\n\n{char.ToUpperInvariant(rows[0])}{rows[1..]}.\n\n");
        text.Append("| column | meaning | cells | empty where |\n| --- | --- | --- | --- |\n");
        foreach (var column in columns)
        {
            var (meaning, range, empty) = Parts(column);
            var cells = string.Join(", ", new[] { Kind(column), range }.OfType<string>());
            text.Append($"| `{column.Name}` | {meaning} | {cells} | {empty} |\n");
        }
    }

    private static string Kind<TRow>(Column<TRow> column) =>
        column.Name.EndsWith("_nat", StringComparison.Ordinal) ? "nats"
        : column.Name.EndsWith("_ms", StringComparison.Ordinal) ? "milliseconds"
        : column.Name.EndsWith("_bytes", StringComparison.Ordinal) ? "bytes"
        : column.Kind;
}
