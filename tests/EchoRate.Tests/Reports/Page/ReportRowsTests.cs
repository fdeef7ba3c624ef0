using EchoRate.Reports.Page;

namespace EchoRate.Tests.Reports.Page;

/// <summary>What a report keeps of rows that come by.</summary>
public sealed class ReportRowsTests
{
    private readonly ReportRows _rows = new();

    [Fact]
    public void A_row_is_worth_a_look_for_the_first_thing_that_is_notable_in_it()
    {
        See(1, 4, row => row with { Flip = true, NearTie = true });
        See(2, -3, row => row with { PublishedMatch = false });
        See(3, 0.02, row => row with { NearTie = true });
        See(4, -3, row => row with { EchoClass = EchoClass.Extends });
        See(5, -0.9, row => row with { TokenRank = 2 });
        See(6, -1.1, row => row with { TokenRank = 2 });
        See(7, 3, row => row);
        See(8, 3, row => row with { Flip = true, Status = RowStatus.Nonfinite });

        Assert.Equal(5, _rows.NotableCount);
        Assert.Equal(
            [
                (Notable.Flip, 1),
                (Notable.Disagreement, 2),
                (Notable.NearTie, 3),
                (Notable.NearMiss, 4),
                (Notable.NearMiss, 5),
            ],
            _rows.Notables.Select(row => (row.Why, (int)row.Row.Place))
        );
    }

    [Fact]
    public void Of_too_many_the_most_telling_are_kept()
    {
        for (var i = 0; i < 3000; i++)
        {
            See(i, i / 100.0, row => row with { Flip = true });
        }
        See(3000, 0.01, row => row with { NearTie = true });

        Assert.Equal(3001, _rows.NotableCount);
        Assert.Equal(
            Enumerable.Range(1000, 2000),
            _rows.Notables.Select(row => (int)row.Row.Place)
        );
    }

    [Fact]
    public void Of_a_set_the_beginning_is_kept_word_by_word_and_of_the_neutral_arm_nothing()
    {
        for (var i = 0; i < 100; i++)
        {
            See(i, 1, row => row);
            See(i, 1, row => row with { Arm = "neutral" });
        }
        Assert.Equal(Enumerable.Range(0, 40), _rows.Words.Select(row => (int)row.Row.Place));
    }

    private void See(int place, double margin, Func<EchoRow, EchoRow> change) =>
        _rows.See(
            0,
            change(
                new EchoRow
                {
                    Arm = "without",
                    ItemSet = "w",
                    Place = place,
                    Item = " x"u8.ToArray(),
                    Top1 = SampleRun.Token(1, " y"),
                    Echo = margin > 0,
                    EchoMargin = margin,
                    Status = RowStatus.Ok,
                }
            )
        );
}
