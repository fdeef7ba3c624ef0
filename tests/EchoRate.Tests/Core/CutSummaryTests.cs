using EchoRate.Core.Tokens;
using EchoRate.Reports.Looks;

namespace EchoRate.Tests.Core;

/// <summary>What cuts are added up to, and said in words.</summary>
public sealed class CutSummaryTests
{
    private static readonly AttentionCut s_none = new(CutKind.None);
    private static readonly AttentionCut s_all = new(CutKind.All);

    // Of three items layer 0 turns one where it alone is cut; layer 1 turns two where it alone is spared.
    private static readonly (AttentionCut Cut, string Echoes)[] s_cuts =
    [
        (s_none, "..."),
        (s_all, "xxx"),
        (new(CutKind.From, 0), "xxx"),
        (new(CutKind.From, 1), "xx."),
        (new(CutKind.Upto, 0), "x.."),
        (new(CutKind.Upto, 1), "xxx"),
        (new(CutKind.Only, 0), "x.."),
        (new(CutKind.Only, 1), "..."),
        (new(CutKind.AllBut, 0), "xxx"),
        (new(CutKind.AllBut, 1), "x.."),
    ];

    [Fact]
    public void Layers_are_ordered_by_what_they_decide()
    {
        var rows = Build(s_cuts);

        Assert.Equal(s_cuts.Select(cut => cut.Cut), rows.Select(row => row.Cut!));
        Assert.Equal([0, 3, 3, 2, 1, 3, 1, 0, 0, 2], rows.Select(row => row.Changed));
        Assert.Equal([1, 2, 1, 2], rows.Skip(6).Select(row => row.Decides!.Value));
        Assert.Equal([2, 1, 2, 1], rows.Skip(6).Select(row => row.Rank!.Value));
        Assert.All(rows.Take(6), row => Assert.Null(row.Rank));
        Assert.Equal(3, rows[1].Echoes);
        Assert.Equal(Wilson.Interval(3, 3), rows[1].EchoInterval);
        Assert.Equal(-1, rows[3 + 1].MedianMargin);
    }

    [Fact]
    public void Items_behind_several_prefixes_have_no_interval()
    {
        var builder = new CutSummary();
        builder.Add(Row(s_none, 0, true) with { Prefix = new TokenBytes(1, "a"u8.ToArray()) });
        builder.Add(Row(s_none, 0, true) with { Prefix = new TokenBytes(2, "b"u8.ToArray()) });

        var row = Assert.Single(builder.Build());

        Assert.Equal(2, row.Measured);
        Assert.Null(row.EchoInterval);
    }

    [Fact]
    public void A_prompt_is_counted_by_its_hit()
    {
        var builder = new CutSummary();
        foreach (var (cut, hit) in new[] { (s_none, false), (s_all, true) })
        {
            builder.Add(
                Row(cut, 0, true) with
                {
                    Expected = " Mary",
                    ExpectedId = 4,
                    Hit = hit,
                    ExpectedMargin = 1,
                }
            );
        }

        var rows = builder.Build();

        Assert.Equal(
            [(0, 1, 0), (1, 1, 1)],
            rows.Select(row => (row.Hits, row.Expecting, row.Changed))
        );
        Assert.Contains(
            "0/1 prompts are answered as expected; 1/1",
            new CutFindings("m", rows).Sentence
        );
    }

    [Fact]
    public void Where_nothing_was_measured_the_reason_stands_in_one_row()
    {
        var builder = new CutSummary();
        builder.Add(
            Row(s_none, 0, true) with
            {
                Cut = null,
                Status = RowStatus.NoBos,
                Reason = "the file declares no BOS",
            }
        );

        var row = Assert.Single(builder.Build());

        Assert.Equal(
            (null, RowStatus.NoBos, "the file declares no BOS"),
            (row.Cut, row.Status, row.Reason)
        );
    }

    [Fact]
    public void A_sentence_names_the_layer_that_decides_most()
    {
        Assert.Equal(
            "m, words, with BOS: 0/3 echo; 3/3 where the last position is cut off in every layer. Layer 1 decides most: 1/3 where it alone is not cut, 0/3 where it alone is.",
            new CutFindings("m", Build(s_cuts)).Sentence
        );
        Assert.EndsWith(
            "No layer decides by itself.",
            new CutFindings(
                "m",
                Build([
                    (s_none, "..."),
                    (s_all, "x.."),
                    (new(CutKind.Only, 0), "..."),
                    (new(CutKind.AllBut, 0), "x.."),
                ])
            ).Sentence
        );
    }

    private static IReadOnlyList<CutSummaryRow> Build((AttentionCut Cut, string Echoes)[] cuts)
    {
        var builder = new CutSummary();
        foreach (var (cut, echoes) in cuts)
        {
            foreach (var (place, echo) in echoes.Index())
            {
                builder.Add(Row(cut, place, echo == 'x'));
            }
        }
        return builder.Build();
    }

    private static CutRow Row(AttentionCut cut, int place, bool echo) =>
        new()
        {
            Arm = "with",
            ItemSet = "words",
            Status = RowStatus.Ok,
            Prefix = new TokenBytes(1, "a"u8.ToArray()),
            Echo = echo,
            EchoMargin = echo ? 1 : -1,
            Cut = cut,
            Index = place,
        };
}
