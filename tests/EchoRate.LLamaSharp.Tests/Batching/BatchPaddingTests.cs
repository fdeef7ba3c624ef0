using EchoRate.Core.Arms;
using EchoRate.Core.Items;

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
        foreach (var miniature in Miniatures.All.Where(one => !one.HasAttentionSinks))
        {
            Same(MiniatureFiles.PathOf(miniature, type), [32, 64, 256], Arm.Without, Arm.With);
        }
    }

    // Behind BOS two keys are added up, by lanes that follow from their cells: there 10 to 21 of these 200 rows differed between widths.
    [Fact]
    public void Lone_tokens_in_a_real_model_have_the_same_digits_for_every_width()
    {
        var path = Repository.TestModel(
            Path.Combine("gemma-3-270m", "gemma-3-270m-Q4_K_M-embd-Q4_0.gguf")
        );
        Assert.SkipWhen(path is null, "no gemma-3-270m in shared/models beside the repository");
        Same(path!, [32, 64, 256], Arm.Without);
    }

    private static void Same(string path, int[] widths, params Arm[] arms)
    {
        var expected = Top(path, 16, arms);
        foreach (var width in widths)
        {
            Assert.Equal(expected, Top(path, width, arms));
        }
    }

    // Log-probabilities depend on every logit of a row.
    private static List<(int?, double?, double?)> Top(string path, int sequences, Arm[] arms)
    {
        using var file = OpenFile.Open(path, sequences);
        return
        [
            .. arms.SelectMany(arm => file.Context.Echo(new SampleSet(200, 0), arm))
                .Select(row => (row.Top1?.Id, row.Top1LogProb, row.EchoMargin)),
        ];
    }
}
