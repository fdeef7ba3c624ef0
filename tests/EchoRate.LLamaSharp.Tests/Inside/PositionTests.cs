namespace EchoRate.LLamaSharp.Tests.Inside;

/// <summary>A text token by token: against what models were constructed for, against a run's rows, against decoding it one token after another, and against the weights in double.</summary>
public sealed class PositionTests
{
    // Begins with a token that is one of the 27 words.
    private const string Sentence =
        " James gave the red bag to Mary in January, and she was happy to walk to the doctor in Paris.";

    public static TheoryData<string, string> Files =>
        MiniatureFiles.Typed([.. Miniatures.All, .. Miniatures.HeedingBos], "Q4_K_M");

    // A miniature gives every word back, or its partner, behind BOS: as far as BOS is seen, which a sliding layer forgets.
    [Theory, MemberData(nameof(Files))]
    public void A_miniature_answers_at_every_position_as_it_was_constructed(
        string name,
        string type
    )
    {
        var miniature = MiniatureFiles.Get(name);
        var text = string.Concat(
            Enumerable.Range(0, 100).Select(i => miniature.Words[i * 7 % 27].Text)
        );
        using var file = Open(MiniatureFiles.PathOf(miniature, type));

        var rows = Measure(file, text, window: 100);

        Assert.Equal(2 * 100, rows.Count);
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal(RowStatus.Ok, row.Status);
                var word = miniature.Words.Single(word => word.Text == row.Token!.Bytes.Text());
                var seesBos =
                    row.Arm == "with"
                    && (!miniature.ForgetsBos || row.Position! + 1 < miniature.SlidingWindow);
                Assert.Equal(seesBos ? word.AfterBos : word.WithoutBos, row.Top1!.Bytes.Text());
                Assert.Equal(row.Top1 == row.Token, row.Echo);
                Assert.Equal(row.Echo, row.EchoMargin > 0);
            }
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_first_token_has_the_row_that_a_run_gives_it(bool isExact)
    {
        using var file = Open(MiniatureFiles.PathOf(Miniatures.Gemma3, "Q4_K_M"), isExact);
        var james = new WordSet("own", [new Item(" James")]);

        var rows = Measure(file, Sentence, window: 8);

        foreach (var arm in Arm.Default)
        {
            var echo = Assert.Single(file.Context.Echo(james, arm));
            var row = rows.First(row => row.Arm == echo.Arm);
            Assert.Equal((0, 0), (row.Window, row.Position));
            Assert.Equal(
                (echo.Token, echo.Top1, echo.TokenRank),
                (row.Token, row.Top1, row.TokenRank)
            );
            // Behind BOS two values are added in the order in which they lie in the cache.
            var within = echo.Arm == "with" ? 1e-3 : 0;
            Assert.Equal(echo.EchoMargin!.Value, row.EchoMargin!.Value, within);
            Assert.Equal(echo.Entropy!.Value, row.Entropy!.Value, within);
        }
    }

    [Fact]
    public void Each_position_has_the_figures_of_its_tokens_decoded_one_by_one()
    {
        OneByOne(MiniatureFiles.PathOf(Miniatures.Gemma3, "Q4_K_M"), Sentence, 1e-4);
        OneByOne(SharedFiles.Real("stories260K-f32.gguf"), Sentence, 1e-4);
    }

    [Fact]
    public void What_follows_has_the_log_probability_of_the_weights_in_double()
    {
        var path = MiniatureFiles.PathOf(Miniatures.Gemma3, "Q4_K_M");
        var pass = new Forward(SharedFiles.TwinOf(path));
        using var file = Open(path, isExact: true);

        var rows = Measure(file, " John Mary run sad", window: 8);

        foreach (var arm in rows.GroupBy(row => row.Arm))
        {
            List<int> tokens = arm.First().Prefix is { } bos ? [bos.Id] : [];
            foreach (var row in arm)
            {
                tokens.Add(row.Token!.Id);
                Compare(pass.Logits([.. tokens]), row, 0.05);
            }
        }
    }

    private static void OneByOne(string path, string text, double within)
    {
        using var file = Open(path);
        foreach (
            var window in Measure(file, text, window: 12).GroupBy(row => (row.Arm, row.Window))
        )
        {
            file.Session.Clear();
            var position = 0;
            if (window.First().Prefix is { } bos)
            {
                file.Session.Decode([new BatchToken(bos.Id, position++, 0, WantsLogits: false)]);
            }
            foreach (var row in window)
            {
                file.Session.Decode([new BatchToken(row.Token!.Id, position++, 0, true)]);
                Compare(
                    [.. file.Session.Logits(0).ToArray().Select(logit => (double)logit)],
                    row,
                    within
                );
            }
        }
    }

    // The plain softmax, over all logits in double.
    private static void Compare(double[] logits, PositionRow row, double within)
    {
        var max = logits.Max();
        var logSum = max + Math.Log(logits.Sum(logit => Math.Exp(logit - max)));
        if (row.Next is { Id: var next })
        {
            Assert.Equal(logits[next] - logSum, row.NextLogProb!.Value, within);
            Assert.InRange(
                row.NextRank!.Value,
                logits.Count(logit => logit > logits[next] + within),
                logits.Count(logit => logit >= logits[next] - within)
            );
        }
        Assert.Equal(
            -logits.Sum(logit => Math.Exp(logit - logSum) * (logit - logSum)),
            row.Entropy!.Value,
            within
        );
        var own = logits[row.Token!.Id];
        logits[row.Token.Id] = double.NegativeInfinity;
        Assert.Equal(own - logits.Max(), row.EchoMargin!.Value, 2 * within);
    }

    private static List<PositionRow> Measure(OpenFile file, string text, int window) =>
        file.Context.Measure<PositionRow>(
            Asking(0, new PositionProbe("text", Encoding.UTF8.GetBytes(text), window))
        );

    private static OpenFile Open(string path, bool isExact = true) =>
        OpenFile.Open(path, with: load => load with { IsExact = isExact });
}
