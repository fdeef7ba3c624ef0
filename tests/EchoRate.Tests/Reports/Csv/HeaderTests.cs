using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

/// <summary>Words of cells, copied from the design (docs/columns.md holds the headers): a change here is a change of <see cref="ColumnTable.SchemaVersion"/>.</summary>
public sealed class HeaderTests
{
    [Fact]
    public void Words_of_enums_are_those_of_the_design()
    {
        Assert.Equal("ok no_bos not_single_token nonfinite not_here failed", All<RowStatus>());
        Assert.Equal("exact same_bytes case_space extends none", All<EchoClass>());
        Assert.Equal("native declared none", All<BosKind>());
        Assert.Equal("eog length", All<StopReason>());
    }

    private static string All<TEnum>()
        where TEnum : struct, Enum =>
        string.Join(' ', Enum.GetValues<TEnum>().Select(EnumWords.Of));
}
