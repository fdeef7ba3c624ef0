using EchoRate.Core.Probes;
using EchoRate.Llama.Tests.Fixtures;

namespace EchoRate.Llama.Tests.Numbers;

/// <summary>The figures of echo rows, calculated once more from the raw logits of the very batch that they came from.</summary>
public sealed class ScoreTests
{
    // Measured: below 3e-14 on all three files. Doubles of logits near 100 are 1.4e-14 apart.
    private const double Within = 1e-12;

    [Theory]
    [InlineData("stories260K")]
    [InlineData("demo-echo F16")]
    [InlineData("demo-plain Q2_K")]
    public void Every_figure_of_every_word_follows_from_the_logits_of_the_whole_vocabulary(
        string model
    )
    {
        using var file = OpenFile.Open(TestModels.PathOf(model));
        using var session = new RecordingSession(file.Session);
        var rows = new ProbeContext(file.Context.Facts, session)
            .Words()
            .Where(row => row.InputIds is not null)
            .ToList();

        // stories260K has 512 tokens: few of the words are among them.
        Assert.Equal(model == "stories260K" ? rows.Count : 54, rows.Count);
        Assert.NotEmpty(rows);
        var worst = 0.0;
        foreach (var row in rows)
        {
            var token = row.InputIds![^1];
            var logits = session
                .Recorded.First(seen =>
                    seen.Token == token && seen.Position == row.InputIds.Length - 1
                )
                .Logits;
            var softmax = new DecimalSoftmax(logits);

            Assert.Equal(file.Vocabulary.Size, logits.Length);
            Assert.Equal(softmax.Top(), row.Top1!.Id);
            Assert.Equal(softmax.Rank(token), row.TokenRank);
            Near(softmax.LogProb(token), row.TokenLogProb!.Value);
            Near(softmax.LogProb(row.Top1.Id), row.Top1LogProb!.Value);
            Near(softmax.Margin(token), row.EchoMargin!.Value);
            Near(softmax.Entropy(), row.Entropy!.Value);
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{model}: {rows.Count} rows, largest difference {worst:E1} nat"
        );

        void Near(double expected, double actual)
        {
            worst = Math.Max(worst, Math.Abs(expected - actual));
            Assert.Equal(expected, actual, Within);
        }
    }
}
