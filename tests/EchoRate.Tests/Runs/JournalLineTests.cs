using System.Runtime.CompilerServices;
using EchoRate.Core.Tokens;
using EchoRate.Runs.Journal;

namespace EchoRate.Tests.Runs;

/// <summary>A row comes back from a journal's line as it went in, to the last bit, whatever columns are added to it.</summary>
public sealed class JournalLineTests
{
    [Fact]
    public void A_full_row_comes_back()
    {
        AssertComesBack(Filled<EchoRow>());
        AssertComesBack(Filled<CompletionRow>());
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
            Written(Filled<EchoRow>() with { Entropy = figure })
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

    // Every property by reflection: one that is added and forgotten shows.
    private static TRow Filled<TRow>()
        where TRow : MeasuredRow
    {
        var row = (TRow)RuntimeHelpers.GetUninitializedObject(typeof(TRow));
        var number = 0;
        foreach (var property in typeof(TRow).GetProperties().Where(p => p.CanWrite))
        {
            number++;
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object value = type switch
            {
                var t when t == typeof(double) => Math.Sqrt(number)
                    * (number % 2 == 0 ? 1e-300 : -1),
                var t when t == typeof(int) => number,
                var t when t == typeof(long) => (long)number,
                var t when t == typeof(bool) => true,
                var t when t == typeof(string) =>
                    $"a \"quoted\" \\ text\n \u0007 \ud83d\ude00 {number}",
                var t when t == typeof(byte[]) => Encoding.UTF8.GetBytes($" bytes {number}"),
                var t when t == typeof(int[]) => new[] { number, -number, 70_000 },
                var t when t == typeof(string[]) => new[] { $"flag_{number}", "another" },
                var t when t == typeof(TokenBytes) => new TokenBytes(
                    number,
                    [1, 0xff, (byte)number]
                ),
                var t when t == typeof(EchoClass) => EchoClass.CaseSpace,
                var t when t == typeof(StopReason) => StopReason.Length,
                var t when t == typeof(RowStatus) => RowStatus.Nonfinite,
                var t => throw new NotSupportedException($"{property.Name}: {t.Name}"),
            };
            property.SetValue(row, value);
        }
        return row;
    }

    private static byte[] Written(MeasuredRow row) => JournalLine.Of(row).ToJson();

    private static void AssertComesBack(MeasuredRow row)
    {
        var line = Written(row);
        var back = JournalLine.Parse(line).Row!;
        Assert.IsType(row.GetType(), back);
        // Near ties are told when a file's rows are read back as a whole.
        row.NearTie = null;
        foreach (var property in row.GetType().GetProperties().Where(p => p.CanWrite))
        {
            Assert.Equivalent(property.GetValue(row), property.GetValue(back), strict: true);
        }
        Assert.Equal(line, Written(back));
    }
}
