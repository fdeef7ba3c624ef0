using EchoRate.Reports.Looks;
using EchoRate.Reports.Page;

namespace EchoRate.Tests.Reports.Looks;

/// <summary>What a lens' rows add up to, in a report.</summary>
public sealed class LensLayersTests
{
    [Fact]
    public void Charts_and_the_table_behind_them_say_the_same()
    {
        var table = new LensLayers();
        table.Add(Row("without", -1, 3.0));
        table.Add(Row("without", -1, 1.0));
        table.Add(Row("without", 0, -0.5));
        table.Add(Row("without", 0, 4.5));
        table.Add(Row("with", 0, -2.0));
        table.Add(Row("with", null, null));

        var figures = Assert.IsType<Figures>(LensLayers.Section([("m Q8_0", table)])!.Blocks[1]);

        Assert.Equal(2, figures.Charts.Count);
        Assert.Equal(
            ["-1 2/2 2.00  ", "0 1/2 2.00 0/1 -2.00"],
            figures.Behind.Rows.Select(row => string.Join(' ', row.Select(cell => cell.Text)))
        );
        Assert.Contains("without BOS, layer 0: 1/2 echo", figures.Charts[0].ToString());
        Assert.Contains("with BOS, layer 0: -2.00 nat", figures.Charts[1].ToString());
    }

    private static LensRow Row(string arm, int? layer, double? margin) =>
        new()
        {
            Arm = arm,
            ItemSet = "w",
            Status = RowStatus.Ok,
            Layer = layer,
            EchoMargin = margin,
            Echo = margin > 0,
        };
}
