namespace EchoRate.LLamaSharp.Tests.Batching;

/// <summary>A row has the same digits whatever the width of its batch, as long as that is a multiple of 16; a run has no others.</summary>
public sealed class BatchPaddingTests
{
    [Theory]
    [InlineData("Q4_K_M")]
    [InlineData("Q8_0")]
    [InlineData("F16")]
    public void Rows_of_a_miniature_have_the_same_digits_for_every_width(string type)
    {
        foreach (var miniature in Miniatures.All)
        {
            Same(MiniatureFiles.PathOf(miniature, type));
        }
    }

    // Before a prefix took 16 cells of its own, 10 to 21 of 200 rows behind BOS differed; before prompts went in by sixteens, 111 of 122.
    [Fact]
    public void Rows_of_a_real_model_have_the_same_digits_for_every_width() =>
        Same(SharedFiles.RealGemma);

    // Prompts are told apart by how many are decoded together, where products are exact.
    [Fact]
    public void Exact_rows_of_lone_tokens_have_the_same_digits_for_every_width() =>
        Same(SharedFiles.RealGemma, isExact: true);

    private static void Same(string path, bool isExact = false) =>
        Assert.Equal(Measure(path, 16, isExact), Measure(path, LoadOptions.MostSequences, isExact));

    // Log-probabilities depend on every logit of a row.
    private static List<string> Measure(string path, int sequences, bool isExact)
    {
        using var file = OpenFile.Open(
            path,
            sequences,
            options => options with { IsExact = isExact }
        );
        return
        [
            .. from arm in (Arm[])[Arm.Without, Arm.With]
            from row in file.Context.Echo(new SampleSet(100, 0), arm)
            select $"{arm.Name} {row.Top1?.Id} {row.Top1LogProb} {row.EchoMargin}",
            .. from arm in (Arm[])[Arm.Without, Arm.With]
            from set in isExact
                ? []
                : (PromptSet[])[PublishedPrompts.Published, PublishedPrompts.Ioi]
            from row in file.Context.Complete(set, arm)
            select $"{arm.Name} {row.Next?.Id} {row.NextLogProb} {row.ExpectedMargin} {string.Join(' ', row.ContinuationIds ?? [])}",
        ];
    }
}
