using System.Text.Json;
using EchoRate.Core.Arms;
using EchoRate.Core.Results;

namespace EchoRate.LLamaSharp.Tests.Batching;

/// <summary>How many rows are measured at once must not show: not in what comes back, and hardly in a digit.</summary>
/// <remarks>
/// Measured (x64, AVX-512), 27 rows at once against one by one: 8e-6 nat on stories260K (F32) and Q2_K, 0 on Q8_0, 2e-4 on F16, where ggml rounds
/// activations to halves. Against batches of eight: 8e-6 at most. All far below the near-tie limits, 0.01 and 0.1 nat.
/// </remarks>
public sealed class BatchWidthTests
{
    public static TheoryData<string> Files =>
        ["stories260K", "demo-echo F16", "demo-echo Q8_0", "demo-plain F16", "demo-plain Q2_K"];

    [Theory, MemberData(nameof(Files))]
    public void All_words_at_once_in_eights_and_one_by_one_are_the_same_rows(string model)
    {
        var atOnce = Measure(model, 27);

        foreach (var sequences in (int[])[8, 1])
        {
            var rows = Measure(model, sequences);

            Assert.Equal(atOnce.Count, rows.Count);
            var largest = 0.0;
            foreach (var (expected, row) in atOnce.Zip(rows))
            {
                Assert.Equal(expected.Status, row.Status);
                Assert.Equal(expected.InputIds, row.InputIds);
                Assert.Equal(expected.Top1?.Id, row.Top1?.Id);
                Assert.Equal(expected.TokenRank, row.TokenRank);
                largest = Math.Max(
                    largest,
                    Math.Abs((expected.EchoMargin ?? 0) - (row.EchoMargin ?? 0))
                );
            }
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{model}: 27 against {sequences} at once: margins differ by up to {largest:E1} nat"
            );
            Assert.InRange(largest, 0, TestModels.Get(model).Noise);
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void The_same_run_twice_gives_the_same_rows_to_the_last_bit(string model)
    {
        using var file = OpenFile.Open(TestModels.PathOf(model), sequences: 8);

        var first = Written(Measure(file));
        var second = Written(Measure(file));

        Assert.Equal(first, second);
        Assert.Equal(first, Written(Measure(model, 8)));
    }

    private static List<EchoRow> Measure(string model, int sequences)
    {
        using var file = OpenFile.Open(TestModels.PathOf(model), sequences);
        return Measure(file);
    }

    private static List<EchoRow> Measure(OpenFile file)
    {
        var set = file.Context.OwnItems(27);
        return
        [
            .. file.Context.Words(),
            .. file.Context.Echo(set, Arm.Without),
            .. file.Context.Echo(set, Arm.With),
        ];
    }

    // JSON writes doubles so that the same bits come back.
    private static string Written(List<EchoRow> rows) => JsonSerializer.Serialize(rows);
}
