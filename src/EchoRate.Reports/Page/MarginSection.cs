using System.Xml.Linq;
using static EchoRate.Reports.Page.DataColumn;
using Group = System.Collections.Generic.KeyValuePair<
    (int File, string Set, string Arm),
    EchoRate.Reports.Page.Margins
>;

namespace EchoRate.Reports.Page;

/// <summary>How clear echoes are: the margins' distribution in each condition, and which tokens of the vocabulary echo.</summary>
internal static class MarginSection
{
    private static readonly double[] _parts = [0.05, 0.25, 0.5, 0.75, 0.95];

    public static ReportSection? Of(ReportInput input)
    {
        var all = input.Rows.Margins.Where(group => group.Value.Count > 1).ToList();
        if (all.Count == 0)
        {
            return null;
        }
        // A chart for the file that speaks for its model; the tables have all.
        var speakers = input.Summary.Speakers.Select(file => file.Index).ToHashSet();
        var charts = all.Where(group => speakers.Contains(group.Key.File))
            .GroupBy(group => (group.Key.File, group.Key.Set))
            .Select(set =>
                (
                    Name: $"{input.Label(set.Key.File)}, {set.Key.Set}",
                    Arms: set.ToDictionary(group => group.Key.Arm, group => group.Value)
                )
            )
            .ToList();
        var placed = all.Where(group => IsPlaced(group.Value)).ToList();
        var kinds = placed.Where(group => group.Value.Kinds.Count() > 1).ToList();
        List<ReportBlock> blocks =
        [
            new Words(
                "The margin is the log-probability of the input token minus the best of all others: above 0 it echoes. Counted to a quarter of a nat."
            ),
            new Figures(
                [.. charts.Select(chart => Distribution(chart.Name, chart.Arms))],
                Quantiles(input, all)
            ),
        ];
        if (placed.Count > 0)
        {
            var tenths = charts
                .Where(chart => chart.Arms.Values.All(IsPlaced))
                .Select(chart => ByTenth(chart.Name, chart.Arms));
            blocks.AddRange(
                new Heading("By place in the vocabulary"),
                new Words(
                    "Tenths of the vocabulary by token id; high ids are rare words in most vocabularies."
                ),
                new Figures([.. tenths], Tenths(input, placed))
            );
        }
        if (kinds.Count > 0)
        {
            blocks.AddRange(new Heading("By kind of token"), Kinds(input, kinds));
        }
        return new ReportSection("How clear the echoes are", blocks);
    }

    private static DataTable Tenths(ReportInput input, List<Group> placed) =>
        Rates(
            input,
            "Echo rate by tenth of the vocabulary",
            Number("Tenth"),
            placed,
            margins =>
                margins.Tenths.Select((tenth, index) => ((DataCell)PageText.Of(index + 1), tenth))
        );

    private static DataTable Kinds(ReportInput input, List<Group> kinds) =>
        Rates(
            input,
            "Echo rate by kind of token",
            "Kind",
            kinds,
            margins => margins.Kinds.Select(kind => ((DataCell)kind.Kind, kind.Tally))
        );

    // Ten words in each tenth, or there is nothing to see.
    private static bool IsPlaced(Margins margins) =>
        margins.Tenths.Sum(tenth => tenth.Items) == margins.Count && margins.Count >= 100;

    private static XElement Distribution(string name, Dictionary<string, Margins> arms)
    {
        var low = arms.Values.Min(margins => margins.Quantile(0.005));
        var high = arms.Values.Max(margins => margins.Quantile(0.995));
        var width =
            high - low > 24 ? 2
            : high - low > 10 ? 1
            : 0.5;
        var from = Math.Floor(low / width) * width;
        var bins = (int)Math.Ceiling((high - from) / width) + 1;
        var most = arms.Values.Max(margins =>
            Enumerable
                .Range(0, bins)
                .Max(bin => margins.Between(from + (bin * width), from + ((bin + 1) * width)))
        );
        var top = Math.Ceiling(most * 10) / 10;
        var plot = new Plot(
            $"Margins: {name}",
            $"Part of the words in each {PageText.Of(width, "0.##")} nat. {string.Join("; ", arms.Select(arm => $"{PageText.Condition(arm.Key)}: median {arm.Value.Quantile(0.5):0.00} nat"))}",
            [.. arms.Keys.Select(PageText.Condition)],
            MarginAxis(from, from + (bins * width)),
            new Axis(
                "part of the words",
                0,
                top,
                [(0, "0 %"), (top / 2, $"{top / 2:P0}"), (top, $"{top:P0}")]
            ),
            130
        );
        foreach (var (series, margins) in arms.Values.Index())
        {
            plot.Path(
                series,
                Enumerable
                    .Range(0, bins)
                    .Select(bin => (Low: from + (bin * width), High: from + ((bin + 1) * width)))
                    .SelectMany(bin =>
                    {
                        var part = margins.Between(bin.Low, bin.High);
                        return new[] { (bin.Low, part), (bin.High, part) };
                    })
            );
        }
        return plot.Svg;
    }

    private static Axis MarginAxis(double from, double to)
    {
        var step =
            to - from > 20 ? 10.0
            : to - from > 8 ? 4.0
            : 2.0;
        var first = Math.Ceiling(from / step);
        var ticks = Enumerable
            .Range(0, (int)((to / step) - first) + 1)
            .Select(i => (first + i) * step)
            .Select(value => (value, PageText.Of(value, "0")));
        return new Axis("margin, nat", from, to, [.. ticks]);
    }

    private static XElement ByTenth(string name, Dictionary<string, Margins> arms) =>
        Plot.Lines(
            $"Echo rate by tenth of the vocabulary: {name}",
            [.. arms.Keys.Select(PageText.Condition)],
            new Axis(
                "tenth of the vocabulary",
                0.5,
                10.5,
                [
                    .. Enumerable
                        .Range(1, 10)
                        .Select(tenth => ((double)tenth, PageText.Of(tenth, "0"))),
                ]
            ),
            Axis.Rate("echo rate"),
            [
                .. from arm in arms.Values.Index()
                from tenth in arm.Item.Tenths.Index()
                where tenth.Item.Rate is not null
                select new PlotPoint(
                    arm.Index,
                    tenth.Index + 1,
                    tenth.Item.Rate!.Value,
                    $"tenth {tenth.Index + 1}: {tenth.Item.Rate:P1} of {tenth.Item.Items:N0}"
                ),
            ]
        ).Svg;

    private static DataTable Quantiles(ReportInput input, List<Group> all) =>
        DataTable.Of(
            "Quantiles of the margin, in nats",
            all,
            [
                ("Set", group => group.Key.Set),
                ("File", group => input.Label(group.Key.File)),
                ("Condition", group => PageText.Condition(group.Key.Arm)),
                (Number("Words"), group => PageText.Of(group.Value.Count)),
                .. _parts.Select(part =>
                    (
                        Number($"{part:P0}"),
                        (Func<Group, DataCell>)(
                            group => PageText.Of(group.Value.Quantile(part), "0.0")
                        )
                    )
                ),
            ]
        );

    private static DataTable Rates(
        ReportInput input,
        string title,
        DataColumn part,
        List<Group> all,
        Func<Margins, IEnumerable<(DataCell Name, Tally Tally)>> parts
    ) =>
        DataTable.Of(
            title,
            from kind in all
            from row in parts(kind.Value)
            select (kind.Key, row.Name, row.Tally),
            [
                ("Set", row => row.Key.Set),
                ("File", row => input.Label(row.Key.File)),
                ("Condition", row => PageText.Condition(row.Key.Arm)),
                (part, row => row.Name),
                (Number("Words"), row => PageText.Of(row.Tally.Items)),
                (Number("Rate"), row => PageText.Of(row.Tally.Rate, "P1")),
                (Number("Mean margin, nat"), row => PageText.Of(row.Tally.MeanMargin, "0.00")),
            ]
        );
}
