using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Testing;

namespace EchoRate.LLamaSharp.Tests.Numbers;

/// <summary>The figures of echo rows, calculated once more from the raw logits of the very batch that they came from.</summary>
public sealed class ScoreTests
{
    // What LogitSweep promises; measured: up to 3e-8 (demo-plain Q2_K), 1e-13 on the miniatures.
    private const double Within = 5e-8;

    public static TheoryData<string> MiniatureNames =>
        [.. Miniatures.All.Select(miniature => miniature.Name)];

    [Theory]
    [InlineData("stories260K")]
    [InlineData("demo-echo F16")]
    [InlineData("demo-plain Q2_K")]
    public void Every_figure_of_every_word_follows_from_the_logits_of_the_whole_vocabulary(
        string model
    ) => FiguresFollow(model, TestModels.PathOf(model));

    [Theory, MemberData(nameof(MiniatureNames))]
    public void And_so_it_is_in_every_family_as_written_and_in_q8_0(string name)
    {
        var miniature = MiniatureFiles.Get(name);
        FiguresFollow(name, MiniatureFiles.PathOf(miniature));
        // Experts in MXFP4 are never quantized again; those in F16 are.
        if (miniature != Miniatures.GptOss)
        {
            FiguresFollow(name + " Q8_0", MiniatureFiles.PathOf(miniature, "Q8_0"));
        }
    }

    private static void FiguresFollow(string model, string path)
    {
        using var file = OpenFile.Open(path);
        using var session = new RecordingSession(file.Session);
        var context = new ProbeContext(file.Context.Facts, session);
        // stories260K has 512 tokens: hardly any of the words is among them.
        var set = model == "stories260K" ? context.OwnItems(27) : PublishedWords.Set;
        List<EchoRow> rows = [.. context.Echo(set, Arm.Without), .. context.Echo(set, Arm.With)];

        Assert.Equal(54, rows.Count);
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
