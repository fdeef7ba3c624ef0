using System.Text;
using System.Text.Json;
using EchoRate.Core.Results;
using EchoRate.Runs.Journal;

namespace EchoRate.Tests.Runs;

/// <summary>Echo rows are written and read by hand: as the serializer would, whatever columns are added to them.</summary>
public sealed class EchoRowJsonTests
{
    [Fact]
    public void A_full_row_is_written_as_the_serializer_does_it_and_comes_back()
    {
        var row = Filled();

        Assert.Equal(Serialized(row), Written(row));
        AssertSame(row, Read(Written(row)));
    }

    [Fact]
    public void A_row_with_nothing_in_it_is_written_as_the_serializer_does_it_and_comes_back()
    {
        var row = new EchoRow
        {
            Arm = "without",
            ItemSet = null,
            Status = RowStatus.NotHere,
        };

        Assert.Equal(Serialized(row), Written(row));
        AssertSame(row, Read(Written(row)));
    }

    [Fact]
    public void Many_ids_long_bytes_and_escaped_texts_come_back()
    {
        var row = Filled() with
        {
            InputIds = [.. Enumerable.Range(0, 100)],
            TokenizedIds = [],
            Item = [.. Enumerable.Range(0, 500).Select(i => (byte)i)],
            Token = new TokenBytes(5, [.. Enumerable.Range(0, 300).Select(i => (byte)(i * 7))]),
            Reason =
                "a \"quoted\" \\ reason\n of two lines, \u0007 and \ud83d\ude00"
                + new string('x', 200),
            Category = "\"",
        };

        Assert.Equal(Serialized(row), Written(row));
        AssertSame(row, Read(Written(row)));
    }

    [Theory]
    [InlineData("{\"row\":{\"probe\":\"echo\",\"arm\":\"with\"}}")]
    [InlineData("{\"row\":{\"probe\":\"echo\",\"status\":\"Ok\"}}")]
    [InlineData("{\"row\":{\"probe\":\"echo\",\"arm\":\"with\",\"status\":\"Odd\"}}")]
    [InlineData("{\"row\":{\"probe\":\"echo\",\"arm\":\"with\",\"status\":\"Ok\",\"token\":{}}}")]
    [InlineData("{\"row\":{\"probe\":\"echo\",\"arm\":\"with\",\"stat")]
    public void What_is_no_row_is_refused(string line) =>
        Assert.ThrowsAny<JsonException>(() =>
            new JournalLineParser().Parse(Encoding.UTF8.GetBytes(line))
        );

    [Fact]
    public void What_is_not_known_is_passed_over()
    {
        var line =
            "{\"row\":{\"probe\":\"echo\",\"later\":{\"a\":[1,{}]},\"arm\":\"with\",\"status\":\"Ok\",\"flags\":[]}}";

        var row = (EchoRow)new JournalLineParser().Parse(Encoding.UTF8.GetBytes(line)).Row!;

        Assert.Equal("with", row.Arm);
    }

    // Every property by reflection: one that is added and forgotten shows.
    private static EchoRow Filled()
    {
        var row = new EchoRow
        {
            Arm = "neutral",
            ItemSet = "words",
            Status = RowStatus.Ok,
        };
        var number = 0;
        foreach (var property in typeof(EchoRow).GetProperties().Where(p => p.CanWrite))
        {
            number++;
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object value = type switch
            {
                var t when t == typeof(double) => number + 0.1,
                var t when t == typeof(int) => number,
                var t when t == typeof(long) => (long)number,
                var t when t == typeof(bool) => true,
                var t when t == typeof(string) => $"text {number}",
                var t when t == typeof(byte[]) => Encoding.UTF8.GetBytes($" bytes {number}"),
                var t when t == typeof(int[]) => new[] { number, -number, 70_000 },
                var t when t == typeof(string[]) => new[] { $"flag_{number}", "another" },
                var t when t == typeof(TokenBytes) => new TokenBytes(
                    number,
                    [1, 0xff, (byte)number]
                ),
                var t when t == typeof(EchoClass) => EchoClass.CaseSpace,
                var t when t == typeof(RowStatus) => RowStatus.Nonfinite,
                var t => throw new NotSupportedException($"{property.Name}: {t.Name}"),
            };
            property.SetValue(row, value);
        }
        return row;
    }

    private static readonly JsonSerializerOptions s_options = new(JournalJson.Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string Serialized(EchoRow row) =>
        JsonSerializer.Serialize<MeasuredRow>(row, s_options);

    private static string Written(EchoRow row)
    {
        using var writer = new JournalLineWriter();
        var line = Encoding.UTF8.GetString(writer.Write(row));
        Assert.StartsWith("{\"row\":", line);
        return line["{\"row\":".Length..^1];
    }

    private static EchoRow Read(string row) =>
        (EchoRow)new JournalLineParser().Parse(Encoding.UTF8.GetBytes($"{{\"row\":{row}}}")).Row!;

    private static void AssertSame(EchoRow expected, EchoRow actual)
    {
        foreach (var property in typeof(EchoRow).GetProperties().Where(p => p.CanRead))
        {
            Assert.Equivalent(property.GetValue(expected), property.GetValue(actual), strict: true);
        }
    }
}
