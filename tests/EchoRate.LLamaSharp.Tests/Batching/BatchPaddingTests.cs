namespace EchoRate.LLamaSharp.Tests.Batching;

/// <summary>In the library's arithmetic a row has the same digits whatever the width of its batch, as long as that is a multiple of 16; a run has no others.</summary>
public sealed class BatchPaddingTests
{
    [Theory]
    [InlineData("Q4_K_M")]
    [InlineData("Q8_0")]
    [InlineData("F16")]
    public void Rows_of_a_miniature_have_the_same_digits_for_every_width(string type)
    {
        foreach (var miniature in Miniatures.All.Where(one => one.ExpertType == GgufTensorType.F16))
        {
            Same(MiniatureFiles.PathOf(miniature, type));
        }
    }

    // Before a prefix took 16 cells of its own, 10 to 21 of 200 rows behind BOS differed; before prompts went in by sixteens, 111 of 122.
    [Fact]
    public void Rows_of_a_real_model_have_the_same_digits_for_every_width() =>
        Same(SharedFiles.RealGemma);

    private static void Same(string path) =>
        Assert.Equal(Measure(path, 16), Measure(path, LoadOptions.MostSequences));

    // Log-probabilities depend on every logit of a row.
    private static List<string> Measure(string path, int sequences)
    {
        using var file = OpenFile.Open(path, sequences);
        return
        [
            .. from arm in (Arm[])[Arm.Without, Arm.With]
            from row in file.Context.Echo(new SampleSet(100, 0), arm)
            select $"{arm.Name} {row.Top1?.Id} {row.Top1LogProb} {row.EchoMargin}",
            .. from arm in (Arm[])[Arm.Without, Arm.With]
            from set in (PromptSet[])[PublishedPrompts.Published, PublishedPrompts.Ioi]
            from row in file.Context.Complete(set, arm)
            select $"{arm.Name} {row.Next?.Id} {row.NextLogProb} {row.ExpectedMargin} {string.Join(' ', row.ContinuationIds ?? [])}",
        ];
    }
}
