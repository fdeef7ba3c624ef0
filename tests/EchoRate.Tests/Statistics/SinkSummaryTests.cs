using EchoRate.Core.Tokens;
using EchoRate.Reports.Looks;
using EchoRate.Reports.Page;
using EchoRate.Reports.Screen;
using EchoRate.Tests.Reports;

namespace EchoRate.Tests.Statistics;

/// <summary>Which tokens count as attention sinks, and what echoes with and without one.</summary>
public sealed class SinkSummaryTests
{
    private static readonly FileRecord s_file = SampleRun.File with
    {
        Facts = SampleRun.File.Facts with { Model = "m", Layers = 4 },
    };

    [Fact]
    public void A_sink_has_five_times_what_is_usual_behind_another_token()
    {
        var summary = new SinkSummary(s_file);
        // Usual is 10, the median of those that stand behind another.
        Add(summary, "without", null, own: 49, first: 49, echo: true);
        Add(summary, "without", null, own: 50, first: 50, echo: false);
        Add(summary, "with", 1, own: 9, first: 50, echo: false);
        Add(summary, "with", 1, own: 10, first: 50, echo: true);
        Add(summary, "with", 1, own: 12, first: 49, echo: true);

        var rows = summary.Rows();

        Assert.Equal(
            [
                ("without", SinkPlace.None, 1, 1),
                ("without", SinkPlace.Self, 1, 0),
                ("with", SinkPlace.None, 1, 1),
                ("with", SinkPlace.Front, 2, 1),
            ],
            rows.Select(row => (row.Arm, row.Sink!.Value, row.Measured, row.Echoes))
        );
        Assert.Equal([4.9, 5, 4.9, 5], rows.Select(row => row.Times!.Value));
        Assert.Equal(Wilson.Interval(1, 2), rows[3].Interval);
        Assert.Equal(9.5, rows[3].ResidualMax);
        Assert.Equal(0.5, rows[3].FirstAttention);
        Assert.Null(rows[0].FirstAttention);
        Assert.All(rows, row => Assert.Null(row.FromLayer));
    }

    [Fact]
    public void Where_nothing_stands_behind_another_token_nothing_is_called_usual()
    {
        var summary = new SinkSummary(s_file);
        Add(summary, "without", null, own: 49, first: 49, echo: true);

        var row = Assert.Single(summary.Rows());

        Assert.Null(row.Sink);
        Assert.Null(row.Times);
        Assert.Null(Section(summary));
    }

    [Fact]
    public void Many_prefixes_have_a_bootstrapped_interval_and_a_point_each()
    {
        var summary = new SinkSummary(s_file);
        for (var prefix = 0; prefix < PairedBootstrap.LeastItems; prefix++)
        {
            Add(
                summary,
                "neutral",
                prefix,
                own: 10,
                first: 10 + (prefix / 10.0),
                echo: prefix % 2 == 0
            );
            Add(summary, "neutral", prefix, own: 10, first: 10 + (prefix / 10.0), echo: true);
        }

        var row = summary.Rows()[0];
        var few = new SinkSummary(s_file);
        Add(few, "neutral", 1, own: 10, first: 10, echo: true);
        Add(few, "neutral", 2, own: 10, first: 10, echo: true);

        var silent = new SinkSummary(s_file);
        for (var prefix = 0; prefix < PairedBootstrap.LeastItems; prefix++)
        {
            Add(silent, "neutral", prefix, own: 10, first: 100, echo: false);
        }

        Assert.Equal(Wilson.Interval(0, PairedBootstrap.LeastItems), silent.Rows()[0].Interval);
        Assert.Equal(0.75, row.Rate, 0.01);
        Assert.InRange(row.Interval!.Value.Low, 0.6, 0.74);
        Assert.InRange(row.Interval.Value.High, 0.76, 0.9);
        Assert.Null(few.Rows()[0].Interval);
        Assert.Equal(PairedBootstrap.LeastItems, summary.Prefixes().Count);
        Assert.Equal(0.5, summary.Prefixes()[1].Rate);
        Assert.Equal(10.1, summary.Prefixes()[1].FirstResidualMax);
    }

    [Fact]
    public void Of_a_lens_the_middle_layer_counts_and_the_layer_is_told_from_which_on_there_is_a_sink()
    {
        var summary = new SinkSummary(s_file);
        AddLayers(summary, "without", false, echo: true, 10, 10, 10, 10, 10);
        AddLayers(summary, "with", true, echo: false, 40, 60, 90, 80, 10);

        var rows = summary.Rows();

        Assert.Equal([SinkPlace.None, SinkPlace.Front], rows.Select(row => row.Sink!.Value));
        Assert.Equal(80, rows[1].FirstResidualMax);
        Assert.Equal(0, rows[1].FromLayer);
        Assert.Equal(0.25, rows[1].SinkHeads);
        Assert.Equal(10, summary.Layers().Count);
        var text = Text(summary);
        Assert.Contains(
            "m, w: 1 of 1 tokens with BOS stand behind a first one that is an attention sink: its residual is 80, 8.0 times what is usual, from layer 0 on, and they give it 50 % of their attention (25 % of heads more than 0.3). Echoes: 0/1 behind a first token that is one, 1/1 with neither.",
            text
        );
        Assert.IsType<Figures>(Section(summary)!.Blocks[2]);
    }

    [Fact]
    public void A_later_token_that_is_a_sink_is_told_by_its_own_residual_and_texts_have_no_interval()
    {
        var summary = new SinkSummary(s_file);
        foreach (var (position, own) in new[] { 12.0, 10, 10, 60 }.Index())
        {
            summary.Add(
                new PositionRow
                {
                    Arm = "without",
                    ItemSet = "text",
                    Position = position,
                    ResidualMax = own,
                    FirstResidualMax = 12,
                    FirstAttention = position == 0 ? null : 0.2,
                    Echo = false,
                    Status = RowStatus.Ok,
                }
            );
        }

        var rows = summary.Rows();

        Assert.Equal([SinkPlace.None, SinkPlace.Self], rows.Select(row => row.Sink!.Value));
        Assert.Equal([1.2, 6], rows.Select(row => row.Times!.Value));
        Assert.All(rows, row => Assert.Null(row.Interval));
        Assert.Contains(
            "m, text: 1 of 4 tokens without BOS are attention sinks themselves: their residual is 60, 6.0 times what is usual. Echoes: 0/1 where the token itself is a sink, 0/3 with neither.",
            Text(summary)
        );
    }

    [Fact]
    public void Of_cuts_the_answers_without_one_count()
    {
        var summary = new SinkSummary(s_file);
        summary.Add(Cut(CutKind.None));
        summary.Add(Cut(CutKind.All));

        Assert.Equal(1, Assert.Single(summary.Rows()).Measured);
    }

    private static ReportSection? Section(SinkSummary summary) =>
        SinkSection.Of([new SinksOfFile("m", summary, summary.Rows())]);

    private static string Text(SinkSummary summary) =>
        ScreenPage.Render([Section(summary)!], new TableStyle());

    private static void Add(
        SinkSummary summary,
        string arm,
        int? prefix,
        double own,
        double first,
        bool echo
    ) =>
        summary.Add(
            new PrefixRow
            {
                Arm = arm,
                Prefix = prefix is { } id ? new TokenBytes(id, "p"u8.ToArray()) : null,
                ItemSet = "w",
                InputIds = prefix is { } before ? [before, 7] : [7],
                ResidualMax = own,
                FirstResidualMax = first,
                FirstAttention = prefix is null ? null : 0.5,
                Echo = echo,
                Status = RowStatus.Ok,
            }
        );

    // The input embedding first.
    private static void AddLayers(
        SinkSummary summary,
        string arm,
        bool isBehind,
        bool echo,
        params double[] first
    )
    {
        foreach (var (at, value) in first.Index())
        {
            summary.Add(
                new LensRow
                {
                    Layer = at - 1,
                    Arm = arm,
                    ItemSet = "w",
                    InputIds = isBehind ? [1, 7] : [7],
                    ResidualMax = 10,
                    FirstResidualMax = value,
                    FirstAttention = isBehind && at > 0 ? 0.5 : null,
                    SinkHeads = isBehind && at > 0 ? 0.25 : null,
                    Echo = echo,
                    Status = RowStatus.Ok,
                }
            );
        }
    }

    private static CutRow Cut(CutKind kind) =>
        new()
        {
            Cut = new AttentionCut(kind),
            Arm = "with",
            ItemSet = "w",
            InputIds = [1, 7],
            ResidualMax = 10,
            FirstResidualMax = 10,
            Echo = true,
            Status = RowStatus.Ok,
        };
}
