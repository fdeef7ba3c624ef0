using System.Xml.Linq;
using EchoRate.Core.Results;
using EchoRate.Reports.Tables;

namespace EchoRate.Reports.Page;

/// <summary>What quantization does, a device, or the arithmetic: against the reference, or against the same file measured otherwise.</summary>
internal static class LadderSection
{
    /// <summary>The ladders: charts against bits per weight, and all contrasts as a table.</summary>
    public static ReportSection? Quantization(ReportInput input)
    {
        var ladders = Contrasts(input, ContrastKind.Quant).GroupBy(row => row.A).ToList();
        return ladders.Count == 0
            ? null
            : new ReportSection(
                "What quantization does",
                [
                    new Words(
                        "Each file against the reference of its ladder. Lost are items that the reference hits and the file does not, gained the other way round. p is McNemar's exact test on both, adjusted by Holm for the files and conditions compared; under 0.05 is more than chance. The divergence (KLD) is one of lone tokens: do not compare it with text benchmarks."
                    ),
                    .. ladders.Select(ladder => new Figures(
                        [.. Charts(input, ladder.Key, [.. ladder])],
                        Table(
                            $"{ladder.Key.Facts.Model} against {ladder.Key.Facts.Label}",
                            [.. ladder]
                        )
                    )),
                ]
            );
    }

    /// <summary>Other contrasts of one kind, as a table.</summary>
    public static IEnumerable<ReportBlock> Others(
        ReportInput input,
        ContrastKind kind,
        string title
    ) =>
        Contrasts(input, kind).ToList() is { Count: > 0 } rows
            ? [Table(title, rows) with { IsFolded = true }]
            : [];

    private static IEnumerable<CompareRow> Contrasts(ReportInput input, ContrastKind kind) =>
        ContrastTable.Shown(input.Summary.Contrasts, kind);

    private static DataTable Table(string title, List<CompareRow> rows)
    {
        var hasFloor = rows.Exists(row => row.Floor is not null);
        DataColumn[] floor = hasFloor
            ? [DataColumn.Number("Floor: same top-1"), DataColumn.Number("Floor: KLD")]
            : [];
        return new DataTable(
            title,
            [
                "Probe",
                "Set",
                "Condition",
                "File",
                "token_embd",
                DataColumn.Number("Bits per weight"),
                DataColumn.Number("Items"),
                DataColumn.Number("Rate, reference"),
                DataColumn.Number("Rate"),
                DataColumn.Number("Lost"),
                DataColumn.Number("Gained"),
                DataColumn.Number("p (Holm)"),
                DataColumn.Number("Same top-1"),
                DataColumn.Number("KLD mean, nat"),
                .. floor,
                DataColumn.Number("Near ties"),
            ],
            [.. rows.Select(row => Cells(row, hasFloor))]
        );
    }

    private static DataCell[] Cells(CompareRow row, bool hasFloor) =>
        [
            row.Probe,
            row.Set,
            PageText.Condition(row.BArm),
            row.Contrast == ContrastKind.Device
                ? $"{row.B.Facts.Label} ({row.B.Device})"
                : row.B.Facts.Label,
            row.B.Facts.TokenEmbeddingType,
            FileLabels.Bits(row.B),
            PageText.Of(row.Items),
            PageText.Of(row.ARate, "P1"),
            PageText.Of(row.BRate, "P1"),
            PageText.Of(row.Lost),
            PageText.Of(row.Gained),
            row.McNemarPHolm < 0.0001 ? "< 0.0001" : PageText.Of(row.McNemarPHolm, "0.0000"),
            PageText.Of(row.Top1Agreement, "P1"),
            PageText.Of(row.Kld?.Mean, "G3"),
            .. hasFloor
                ? (DataCell[])
                    [
                        PageText.Of(row.Floor?.Top1Agreement, "P1"),
                        PageText.Of(row.Floor?.KldMean, "G3"),
                    ]
                : [],
            PageText.Of(row.NearTies),
        ];

    // The largest set of words speaks; the table has all.
    private static IEnumerable<XElement> Charts(
        ReportInput input,
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
        var rates = input
            .Summary.Files.SelectMany(file => file.Rows)
            .Where(row =>
                row.Probe == "echo"
                && row.Set == rows[0].Set
                && (row.File == reference || rows.Exists(other => other.B == row.File))
            )
            .Select(row => new LadderPoint(row.Arm, row.File, row.Rate, row.RateLow, row.RateHigh));
        var lowest = rows.Min(row => row.Top1AgreementLow ?? row.Top1Agreement) ?? 0;
        var divergences = rows.Where(row => row.Kld is { Mean: > 0 }).ToList();
        return
        [
            chart.Draw($"Echo rate by bits: {place}", Axis.Rate("echo rate"), rates, "P1"),
            chart.Draw(
                $"Same top-1 as {reference.Facts.Label}: {place}",
                Axis.Rate(
                    "same top-1",
                    lowest >= 0.9 ? 0.9
                        : lowest >= 0.5 ? 0.5
                        : 0
                ),
                rows.Select(row => new LadderPoint(
                    row.BArm,
                    row.B,
                    row.Top1Agreement,
                    row.Top1AgreementLow,
                    row.Top1AgreementHigh
                )),
                "P1"
            ),
            .. divergences.Count == 0
                ? (XElement[])[]
                :
                [
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
                    ),
                ],
        ];
    }

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
            var shown = points
                .Where(point => point.Value is not null && _arms.Contains(point.Arm))
                .ToList();
            var plot = new Plot(
                title,
                $"Against bits per weight. {string.Join("; ", shown.Select(point => Says(point, format)).Take(24))}",
                [.. _arms.Select(PageText.Condition)],
                new Axis(
                    "",
                    low,
                    high,
                    [
                        .. ticks
                            .Where(tick => tick >= low && tick <= high)
                            .Select(tick => (tick, PageText.Of($"{tick} bits"))),
                    ],
                    IsLog: true
                ),
                y,
                150
            );
            foreach (var arm in shown.GroupBy(point => _arms.IndexOf(point.Arm)))
            {
                plot.Path(
                    arm.Key,
                    arm.OrderBy(p => Bits(p.File)).Select(p => (Bits(p.File), p.Value!.Value))
                );
                foreach (var point in arm)
                {
                    (double, double)? interval = point is { Low: { } from, High: { } to }
                        ? (from, to)
                        : null;
                    plot.Mark(
                        arm.Key,
                        Bits(point.File),
                        point.Value!.Value,
                        interval,
                        Says(point, format)
                    );
                }
            }
            plot.Names([.. _files.Select(file => (Bits(file), Name(file)))]);
            return plot.Svg;
        }

        private static double Bits(FileRecord file) => file.Facts.BitsPerWeight ?? 0;

        // The mixtures keep a tied embedding at Q6_K whatever the label says.
        private static string Name(FileRecord file) =>
            $"{file.Facts.Label}, embd {file.Facts.TokenEmbeddingType}";

        private static string Says(LadderPoint point, string format) =>
            $"{Name(point.File)} {PageText.Condition(point.Arm)}: {PageText.Of(point.Value, format)}";
    }
}
