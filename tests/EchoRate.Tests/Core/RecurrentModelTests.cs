using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

/// <summary>A model whose state cannot be cut back (Mamba, RWKV, hybrids) is started anew for each batch, and answers all the same.</summary>
public sealed class RecurrentModelTests
{
    private static readonly ProbeRequest Request = new()
    {
        ItemSets =
        [
            new WordSet(
                "items",
                [new(" red"), new(" blue"), new(" redder"), new(" green"), new("x")]
            ),
        ],
        PromptSets = [new PromptSet("set", [new("a", " red blue", "x"), new("b", " blue")], true)],
        ContinueTokens = 3,
    };

    // Echoes without BOS; behind it everything but ' red' is followed by x.
    private static float[] Answer(int[] tokens) =>
        Top(tokens[0] == Bos && tokens[^1] != Id(" red") ? Id("x") : tokens[^1]);

    [Theory]
    [InlineData(5)]
    [InlineData(2)]
    [InlineData(1)]
    public void Rows_are_those_of_a_model_that_can_be_cut_back(int sequences)
    {
        var rows = Run(Model(Answer, sequences, canKeepBeginning: false));
        var usual = Run(Model(Answer, sequences));

        Assert.All(rows, row => Assert.Equal(RowStatus.Ok, row.Status));
        Assert.Equal(usual.Select(Outcome), rows.Select(Outcome));
    }

    private static List<MeasuredRow> Run(ScriptedModel model) =>
        [.. FileProbe.Run(model.Context(), Request)];

    private static string Outcome(MeasuredRow row) =>
        row switch
        {
            EchoRow echo => $"{echo.Arm} {echo.Token!.Id} {echo.Top1!.Id} {echo.EchoMargin}",
            CompletionRow completion =>
                $"{completion.Arm} {completion.PromptId} {string.Join(' ', completion.ContinuationIds!)}",
            _ => "",
        };
}
