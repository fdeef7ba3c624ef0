using System.Xml.Linq;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Reports.Page;

/// <summary>What quantization does, a device, or the arithmetic: against the reference, or against the same file measured otherwise.</summary>
public static class LadderSection
{
    /// <summary>The ladders: charts against bits per weight, and all contrasts as a table.</summary>
    /// <param name="contrasts">Contrasts of a run.</param>
    /// <param name="files">Its files, for the charts; without them there are tables alone.</param>
    public static ReportSection? Quantization(
        IReadOnlyList<CompareRow> contrasts,
        IReadOnlyList<FileSummary> files
    )
    {
        var ladders = Shown(contrasts, ContrastKind.Quant).GroupBy(row => row.A).ToList();
        var devices = ladders.Select(ladder => ladder.Key.DeviceLabel).Distinct().Count();
        return ladders.Count == 0
            ? null
            : new ReportSection(
                "What quantization does",
                [
                    new Words(
                        "Each file against the reference of its ladder. Lost are items that the reference hits and the file does not, gained the other way round. p is McNemar's exact test on both, adjusted by Holm for the files and conditions compared; under 0.05 is more than chance. The divergence (KLD) is one of lone tokens: do not compare it with text benchmarks."
                    ),
                    .. ladders.Select(ladder => new Figures(
                        files.Count == 0 ? [] : [.. Charts(files, ladder.Key, [.. ladder])],
                        Table(
                            $"{ladder.Key.Facts.Model} against {ladder.Key.Facts.Label}"
                                + (devices > 1 ? $" on {Place(ladder.Key)}" : ""),
                            [.. ladder]
                        )
                    )),
                ]
            );
    }

    /// <summary>Other contrasts of one kind, as a table.</summary>
    public static IEnumerable<ReportBlock> Others(
        IReadOnlyList<CompareRow> contrasts,
        ContrastKind kind,
        string title
    ) =>
        Shown(contrasts, kind).ToList() is { Count: > 0 } rows
            ? [Table(title, rows) with { IsFolded = true }]
            : [];

    /// <summary>What the device does.</summary>
    public static ReportSection Device(IReadOnlyList<CompareRow> contrasts) =>
        new(
            "What the device does",
            [.. Others(contrasts, ContrastKind.Device, "The same file on another device")]
        );

    /// <summary>All contrasts as tables.</summary>
    public static IReadOnlyList<ReportSection> Tables(IReadOnlyList<CompareRow> contrasts)
    {
        ReportSection?[] sections =
        [
            Quantization(contrasts, []),
            Device(contrasts),
            new(
                "What the library's arithmetic does",
                [.. Others(contrasts, ContrastKind.Arithmetic, "Library against exact")]
            ),
        ];
        return [.. sections.OfType<ReportSection>().Where(section => section.Blocks.Count > 0)];
    }

    /// <summary>One line for each file that got other input than the one it is held against: how many pairs are left out, and why.</summary>
    public static IEnumerable<string> OtherInputs(IEnumerable<CompareRow> contrasts) =>
        from row in contrasts
        where row.InputsDiffer > 0
        group row by (row.A, row.B) into pair
        let left = PageText.Of(pair.Sum(row => row.InputsDiffer))
        let why = InputDifferences.Between(pair.Key.A.Facts, pair.Key.B.Facts)
        select $"{pair.Key.B.Facts.Model} {FileName(pair.Key.B)}: {left} pairs are left out of every comparison with {FileName(pair.Key.A)}, because other ids went in: {why}";

    // A rate of one item says nothing.
    private static IEnumerable<CompareRow> Shown(
        IReadOnlyList<CompareRow> contrasts,
        ContrastKind kind
    ) =>
        contrasts.Where(row =>
            row.Contrast == kind
            && row.Status == RowStatus.Ok
            && (row.Items > 1 || row.InputsDiffer > 0)
        );

    private static string FileName(FileRecord file) => file.Facts.Label ?? file.Facts.FileId ?? "";

    private static string Place(FileRecord file) => file.Device ?? file.DeviceLabel;

    // Two targets may have ended on one device: then what was asked for tells them apart.
    private static string Devices(CompareRow row) =>
        Place(row.A) == Place(row.B)
            ? $"{row.B.DeviceLabel} against {row.A.DeviceLabel}"
            : $"{Place(row.B)} against {Place(row.A)}";

    private static DataTable Table(string title, List<CompareRow> rows)
    {
        List<(DataColumn, Func<CompareRow, DataCell>)> floor = rows.Exists(row =>
            row.Floor is not null
        )
            ?
            [
                (Number("Floor: same top-1"), row => PageText.Of(row.Floor?.Top1Agreement, "P1")),
                (Number("Floor: KLD"), row => PageText.Of(row.Floor?.KldMean, "G3")),
            ]
            : [];
        return DataTable.Of(
            title,
            // By question, so that a ladder is read downwards.
            rows.GroupBy(row => (row.Probe, row.Set, row.BArm)).SelectMany(question => question),
            [
                ("Probe", row => row.Probe),
                ("Set", row => row.Set),
                ("Condition", row => PageText.Condition(row.BArm)),
                (
                    "File",
                    row =>
                        row.Contrast switch
                        {
                            ContrastKind.Quant => row.B.Facts.Label,
                            ContrastKind.Device => $"{row.B.Facts.Name} ({Devices(row)})",
                            _ => $"{row.B.Facts.Name} (on {Place(row.B)})",
                        }
                ),
                ("token_embd", row => row.B.Facts.TokenEmbeddingType),
                (Number("Bits per weight"), row => PageText.Of(row.B.Facts.BitsPerWeight, "0.00")),
                (Number("Items"), row => PageText.Of(row.Items)),
                (Number("Rate, reference"), row => PageText.Of(row.ARate, "P1")),
                (Number("Rate"), row => PageText.Of(row.BRate, "P1")),
                (Number("Lost"), row => PageText.Of(row.Lost)),
                (Number("Gained"), row => PageText.Of(row.Gained)),
                (
                    Number("p (Holm)"),
                    row =>
                        row.McNemarPHolm < 0.0001
                            ? "< 0.0001"
                            : PageText.Of(row.McNemarPHolm, "0.0000")
                ),
                (Number("Same top-1"), row => PageText.Of(row.Top1Agreement, "P1")),
                (Number("KLD mean, nat"), row => PageText.Of(row.Kld?.Mean, "G3")),
                .. floor,
                (Number("Near ties"), row => PageText.Of(row.NearTies)),
            ]
        );
    }

    // The largest set of words speaks; the table has all.
    private static IEnumerable<XElement> Charts(
        IReadOnlyList<FileSummary> files,
        FileRecord reference,
        List<CompareRow> ladder
    )
    {
        var rows = ladder
            .Where(row => row.Probe == "echo" && row.B.Facts.BitsPerWeight is not null)
            .GroupBy(row => row.Set)
            .MaxBy(set => set.Max(row => row.Items))
            ?.ToList();
        if (rows is null || reference.Facts.BitsPerWeight is null)
        {
            return [];
        }
        var chart = new Ladder(reference, rows);
        var place = $"{reference.Facts.Model}, {rows[0].Set}";
        var rates = files
            .SelectMany(file => file.Rows)
            .Where(row => row.Probe == "echo" && row.Set == rows[0].Set)
            .Where(row => row.File == reference || rows.Exists(other => other.B == row.File))
            .Select(row => new LadderPoint(row.Arm, row.File, row.Rate, row.RateLow, row.RateHigh));
        var divergences = rows.Where(row => row.Kld is { Mean: > 0 }).ToList();
        return
        [
            chart.Draw($"Echo rate by bits: {place}", Axis.Rate("echo rate"), rates, "P1"),
            chart.Draw(
                $"Same top-1 as {reference.Facts.Label}: {place}",
                Axis.Rate("same top-1", From(rows)),
                rows.Select(row => new LadderPoint(
                    row.BArm,
                    row.B,
                    row.Top1Agreement,
                    row.Top1AgreementLow,
                    row.Top1AgreementHigh
                )),
                "P1"
            ),
            .. divergences.Count == 0 ? (XElement[])[] : [Divergence()],
        ];

        XElement Divergence() =>
            chart.Draw(
                $"KLD from {reference.Facts.Label}, nat: {place}",
                Axis.Powers("KLD, nat", [.. divergences.Select(row => row.Kld!.Mean)]),
                divergences.Select(row => new LadderPoint(
                    row.BArm,
                    row.B,
                    row.Kld!.Mean,
                    row.Kld.Low,
                    row.Kld.High
                )),
                "G3"
            );
    }

    // Where an axis of the same answers begins: files that nearly agree would else lie on one line.
    private static double From(List<CompareRow> rows) =>
        rows.Min(row => row.Top1AgreementLow ?? row.Top1Agreement) switch
        {
            >= 0.9 => 0.9,
            >= 0.5 => 0.5,
            _ => 0,
        };

    private sealed record LadderPoint(
        string Arm,
        FileRecord File,
        double? Value,
        double? Low,
        double? High
    );

    private sealed class Ladder(FileRecord reference, List<CompareRow> rows)
    {
        private readonly List<FileRecord> _files =
        [
            reference,
            .. rows.Select(row => row.B).Distinct(),
        ];
        private readonly List<string> _arms = [.. rows.Select(row => row.BArm).Distinct()];

        public XElement Draw(string title, Axis y, IEnumerable<LadderPoint> points, string format)
        {
            double[] bits = [.. _files.Select(Bits)];
            var (low, high) = (bits.Min() * 0.93, bits.Max() * 1.07);
            double[] ticks = [1, 2, 3, 4, 6, 8, 16, 32];
            var plot = Plot.Lines(
                title,
                [.. _arms.Select(PageText.Condition)],
                new Axis(
                    "",
                    low,
                    high,
                    [
                        .. ticks
                            .Where(tick => tick >= low && tick <= high)
                            .Select(tick => (tick, $"{tick} bits")),
                    ],
                    IsLog: true
                ),
                y,
                [
                    .. points
                        .Where(point => point.Value is not null && _arms.Contains(point.Arm))
                        .OrderBy(point => Bits(point.File))
                        .Select(point => new PlotPoint(
                            _arms.IndexOf(point.Arm),
                            Bits(point.File),
                            point.Value!.Value,
                            $"{Name(point.File)}: {PageText.Of(point.Value, format)}",
                            point is { Low: { } from, High: { } to } ? (from, to) : null
                        )),
                ]
            );
            plot.Names([.. _files.Select(file => (Bits(file), Name(file)))]);
            return plot.Svg;
        }

        private static double Bits(FileRecord file) => file.Facts.BitsPerWeight ?? 0;

        // The mixtures keep a tied embedding at Q6_K whatever the label says.
        private static string Name(FileRecord file) =>
            $"{file.Facts.Label}, embd {file.Facts.TokenEmbeddingType}";
    }
}
