namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>Every family, every type: what went in per arm, and the answers exactly as constructed.</summary>
public sealed class FamilyAnswerTests
{
    // gpt-oss's rows of 128 fall short of a K-quant's 256.
    public static TheoryData<string, string> Files =>
        MiniatureFiles.Typed(
            [.. Miniatures.All, .. Miniatures.HeedingBos],
            "Q8_0",
            "Q4_K_M",
            "Q2_K"
        );

    [Theory, MemberData(nameof(Files))]
    public void The_ids_that_went_in_prove_the_arm_and_the_answers_are_those_it_was_constructed_for(
        string name,
        string quantization
    )
    {
        var miniature = MiniatureFiles.Get(name);
        var vocabulary = miniature.Vocabulary();
        using var file = OpenFile.Open(MiniatureFiles.PathOf(miniature, quantization));

        var rows = file.Context.Words();

        Assert.Equal(
            [
                .. miniature.Words.Select(word => ("without", word.WithoutBos)),
                .. miniature.Words.Select(word => ("with", word.AfterBos)),
            ],
            rows.Select(row => (row.Arm, Encoding.UTF8.GetString(row.Top1!.Bytes)))
        );
        Assert.Equal(
            [
                .. miniature.Words.Select(word => (int[])[vocabulary.Id(word.Text)]),
                .. miniature.Words.Select(word =>
                    (int[])[vocabulary.BosId, vocabulary.Id(word.Text)]
                ),
            ],
            rows.Select(row => row.InputIds!)
        );
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal(RowStatus.Ok, row.Status);
                Assert.True(Math.Abs(row.EchoMargin!.Value) > 2);
            }
        );
    }
}
