using EchoRate.Runs.Journal;
using EchoRate.Tests.Reports;

namespace EchoRate.Tests.Runs;

/// <summary>A row comes back from a journal's line as it went in, to the last bit, whatever columns are added to it.</summary>
public sealed class JournalLineTests
{
    [Fact]
    public void A_full_row_comes_back()
    {
        Assert.All(SampleRun.Echoes, AssertComesBack);
        Assert.All(SampleRun.Completions, AssertComesBack);
        AssertComesBack(
            SampleRun.NotHereRow with
            {
                Reason = "a \"quoted\" \\ text\n \u0007 \ud83d\ude00",
            }
        );
    }

    [Fact]
    public void A_row_with_nothing_in_it_comes_back() =>
        AssertComesBack(
            new EchoRow
            {
                Arm = "without",
                ItemSet = null,
                Status = RowStatus.NotHere,
            }
        );

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_figure_that_is_no_number_is_not_written(double figure) =>
        Assert.Throws<ArgumentException>(() =>
            Written(SampleRun.Echoes[0] with { Entropy = figure })
        );

    [Theory]
    [InlineData("{\"echo\":{\"arm\":\"with\",\"item_set\":null}}")]
    [InlineData("{\"echo\":{\"status\":\"Ok\",\"item_set\":null}}")]
    [InlineData("{\"echo\":{\"arm\":\"with\",\"status\":\"Odd\",\"item_set\":null}}")]
    [InlineData("{\"echo\":{\"arm\":\"with\",\"status\":\"Ok\",\"item_set\":null,\"token\":{}}}")]
    [InlineData("{\"echo\":{\"arm\":\"with\",\"status\":\"Ok\",\"item_set\":null,\"stat")]
    public void What_is_no_row_is_refused(string line) =>
        Assert.ThrowsAny<JsonException>(() => JournalLine.Parse(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void What_is_not_known_is_passed_over()
    {
        var line =
            "{\"echo\":{\"later\":{\"a\":[1,{}]},\"item_set\":null,\"arm\":\"with\",\"status\":\"Ok\",\"flags\":[]}}";

        Assert.Equal("with", JournalLine.Parse(Encoding.UTF8.GetBytes(line)).Row!.Arm);
    }

    private static byte[] Written(MeasuredRow row) => JournalLine.Of(row).ToJson();

    private static void AssertComesBack(MeasuredRow row)
    {
        var line = Written(row);
        var back = JournalLine.Parse(line).Row!;
        // Near ties are told when a file's rows are read back as a whole.
        Assert.Equivalent(row with { NearTie = null }, back, strict: true);
        Assert.Equal(line, Written(back));
    }
}
