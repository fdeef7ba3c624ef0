namespace EchoRate.LLamaSharp.Tests.Inside;

/// <summary>Words behind many first tokens: against what models were constructed for, and against the rows of a run.</summary>
public sealed class PrefixTests
{
    // Batches have rows of several prefixes here, and of one in a run.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_nothing_or_bos_in_front_the_rows_are_those_of_a_run(bool isExact)
    {
        using var file = Open(MiniatureFiles.PathOf(Miniatures.Gemma3, "Q4_K_M"), isExact);
        var expected = file.Context.Words();

        var rows = Measure(file, count: 3);

        Same(expected, rows, 1e-4);
    }

    [Fact]
    public void And_so_it_is_in_a_real_gemma3_whose_bos_ends_every_echo()
    {
        using var file = Open(SharedFiles.RealGemma, isExact: true);
        var expected = file.Context.Measure<EchoRow>(Asking(3));

        var rows = Measure(file, count: 4, words: 3);

        Same(expected, rows, 0.05);
        Assert.All(
            rows.Where(row => row.PrefixKind == PrefixKind.Bos),
            row => Assert.False(row.Echo)
        );
        Assert.InRange(rows.Take(3).Count(row => row.Echo == true), 2, 3);
        // <pad>, <unk>, <mask>, <start_of_turn>, <end_of_turn>, and </s>, which llama.cpp takes for one; of 6,242 that nobody uses, 20.
        Assert.Equal(
            [1, 1, 1, 6, PrefixChoice.MostReserved, 4],
            rows.CountBy(row => row.PrefixKind!.Value).Select(kind => kind.Value / 3)
        );
    }

    private static void Same(List<EchoRow> expected, List<PrefixRow> rows, double within)
    {
        Assert.All(
            expected.Zip(rows),
            pair =>
            {
                Assert.Equal(pair.First.InputIds, pair.Second.InputIds);
                Assert.Equal(pair.First.EchoMargin!.Value, pair.Second.EchoMargin!.Value, within);
                Assert.Equal(pair.First.Entropy!.Value, pair.Second.Entropy!.Value, within);
                if (Math.Abs(pair.First.EchoMargin.Value) > within)
                {
                    Assert.Equal(pair.First.Echo, pair.Second.Echo);
                }
            }
        );
    }

    private static List<PrefixRow> Measure(OpenFile file, int count, int words = 27) =>
        file.Context.Measure<PrefixRow>(
            Asking(words, new PrefixProbe(new PrefixChoice(Count: count)))
        );

    private static OpenFile Open(string path, bool isExact) =>
        OpenFile.Open(path, sequences: 64, with: load => load with { IsExact = isExact });
}
