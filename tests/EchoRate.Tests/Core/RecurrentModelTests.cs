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
        var rows = Model(Answer, sequences, canKeepBeginning: false).Rows(Request);

        Assert.All(rows, row => Assert.Contains("\"Status\":0", row));
        Assert.Equal(Model(Answer, sequences).Rows(Request), rows);
    }
}
