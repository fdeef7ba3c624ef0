using System.Globalization;
using System.Text;
using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Reports.Tables;

/// <summary>
/// What quantization does, a device, or the library's arithmetic: one line for each file, arm and set against the reference, or against the same
/// file measured otherwise.
/// </summary>
public static class ContrastTable
{
    private static readonly string[] _headers =
    [
        "Probe",
        "Set",
        "Arm",
        "File",
        "token_embd",
        "Bits",
        "Items",
        "Rate",
        "Lost",
        "Gained",
        "p (Holm)",
        "Same top-1",
    ];

    /// <summary>Renders the contrasts of one kind; empty where there are none.</summary>
    /// <param name="contrasts">Contrasts of a run.</param>
    /// <param name="kind">Those that are shown: of quantizations or devices.</param>
    /// <param name="style">How.</param>
    public static string Render(
        IEnumerable<CompareRow> contrasts,
        ContrastKind kind,
        TableStyle style
    )
    {
        var rows = Shown(contrasts, kind).ToList();
        if (rows.Count == 0)
        {
            return "";
        }
        var text = new StringBuilder();
        var isOnSeveral = rows.DistinctBy(row => row.A.DeviceLabel).Count() > 1;
        // Divergence is computed from a quantization's reference alone.
        string[] divergence = kind == ContrastKind.Quant ? ["KLD mean"] : [];
        foreach (
            var table in rows.GroupBy(row =>
                (row.A.Facts.Model, A: row.A.DeviceLabel, B: row.B.DeviceLabel)
            )
        )
        {
            var (a, b) = (table.First().A, table.First().B);
            var title =
                kind == ContrastKind.Arithmetic ? $"library on {Place(b)} against exact"
                : kind != ContrastKind.Quant ? $"{Place(b, a)} against {Place(a, b)}"
                : isOnSeveral ? $"on {Place(a)}, against {a.Facts.Label}"
                : $"against {a.Facts.Label}";
            text.Append(CultureInfo.InvariantCulture, $"{a.Facts.Model}, {title}\n\n");
            string[] headers = [.. _headers, .. divergence, "Near ties"];
            var lines = new PipeTable(
                headers,
                leading: 1,
                right: [.. Enumerable.Range(5, headers.Length - 5)]
            );
            // By question, so that the ladder is read downwards.
            foreach (
                var row in table
                    .GroupBy(row => (row.Probe, row.Set, row.BArm))
                    .SelectMany(question => question)
            )
            {
                lines.Add([
                    row.Probe,
                    row.Set ?? "",
                    row.BArm,
                    FileName(row.B),
                    row.B.Facts.TokenEmbeddingType ?? "",
                    FileLabels.Bits(row.B),
                    Whole(row.Items),
                    row.Items == 0 ? "" : Format($"{row.ARate:F3} → {row.BRate:F3}"),
                    Whole(row.Lost),
                    Whole(row.Gained),
                    row.McNemarPHolm is { } p ? (p < 0.0001 ? "< 0.0001" : Format($"{p:F4}")) : "",
                    Format($"{row.Top1Agreement:F3}"),
                    .. divergence.Select(_ =>
                        (TableCell)(row.Kld is { } kld ? Format($"{kld.Mean:G3}") : "")
                    ),
                    Whole(row.NearTies),
                ]);
            }
            text.Append(lines.Render(style)).Append('\n');
            foreach (var line in OtherInputs(table))
            {
                text.Append(line).Append("\n\n");
            }
        }
        text.Append(
            "p (Holm): McNemar's exact test on lost and gained, adjusted for the files and arms compared; under 0.05 is more than chance\n"
        );
        return text.ToString();
    }

    /// <summary>The contrasts of one kind that say something: a rate of one item says nothing.</summary>
    internal static IEnumerable<CompareRow> Shown(
        IEnumerable<CompareRow> contrasts,
        ContrastKind kind
    ) =>
        contrasts.Where(row =>
            row.Contrast == kind
            && row.Status == RowStatus.Ok
            && (row.Items > 1 || row.InputsDiffer > 0)
        );

    /// <summary>One line for each file that got other input than the one it is held against: how many pairs are left out, and why.</summary>
    public static IEnumerable<string> OtherInputs(IEnumerable<CompareRow> contrasts) =>
        from row in contrasts
        where row.InputsDiffer > 0
        group row by (row.A, row.B) into pair
        let left = Format($"{pair.Sum(row => row.InputsDiffer):N0}")
        let why = InputDifferences.Between(pair.Key.A.Facts, pair.Key.B.Facts)
        select $"{pair.Key.B.Facts.Model} {FileName(pair.Key.B)}: {left} pairs are left out of every comparison with {FileName(pair.Key.A)}, because other ids went in: {why}";

    private static string Place(FileRecord file) => file.Device ?? file.DeviceLabel;

    // Two targets may have ended on one device: then what was asked for tells them apart.
    private static string Place(FileRecord file, FileRecord other) =>
        Place(file) == Place(other) ? file.DeviceLabel : Place(file);

    private static string FileName(FileRecord file) => file.Facts.Label ?? file.Facts.FileId ?? "";

    private static string Whole(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Format(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
