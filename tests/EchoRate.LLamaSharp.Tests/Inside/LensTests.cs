using EchoRate.LLamaSharp.Inside;

namespace EchoRate.LLamaSharp.Tests.Inside;

/// <summary>What every layer leaves, decoded: against what models were constructed for, against a forward pass of our own, and against itself.</summary>
public sealed class LensTests
{
    private const int RealWords = 9;

    // It takes its time: two tests look at the same rows.
    private static readonly Lazy<List<LensRow>> s_realRows = new(() =>
    {
        using var file = Open(SharedFiles.RealGemma, isExact: true);
        return Words(file, RealWords);
    });

    public static TheoryData<string, string> Files =>
        MiniatureFiles.Typed([.. Miniatures.All, .. Miniatures.HeedingBos], "Q8_0", "Q4_K_M");

    // One layer turns a word into its partner, or only behind BOS. Before it a tied head reads the word itself; one that is not tied reads what is
    // neither, or from layer 0 on the word.
    [Theory, MemberData(nameof(Files))]
    public void The_layer_of_a_miniature_that_answers_ends_the_echo_and_no_other(
        string name,
        string type
    )
    {
        var miniature = MiniatureFiles.Get(name);
        foreach (var isExact in (bool[])[true, false])
        {
            using var file = Open(MiniatureFiles.PathOf(miniature, type), isExact);

            var rows = Words(file);

            Assert.Equal(2 * 27 * (miniature.LayerCount + 1), rows.Count);
            Assert.All(rows, row => Assert.Equal(RowStatus.Ok, row.Status));
            Assert.All(
                rows.Where(row => row.Layer < miniature.AnswerLayer),
                row => Assert.Equal(row.Layer >= miniature.EchoLayer, row.Echo)
            );
            Assert.All(
                rows.Where(row => row.Layer >= miniature.AnswerLayer),
                row =>
                {
                    Assert.Equal(1, row.NextRank);
                    Assert.Equal(row.Top1, row.Next);
                    var word = miniature.Words.Single(word => word.Text == row.Item!.Text());
                    Assert.Equal(
                        row.Arm == "with" ? word.AfterBos : word.WithoutBos,
                        row.Next!.Bytes.Text()
                    );
                }
            );
        }
    }

    [Fact]
    public void Every_layer_of_a_miniature_of_gemma3_decodes_as_its_weights_do_in_double()
    {
        var path = MiniatureFiles.PathOf(Miniatures.Gemma3, "Q4_K_M");
        using var file = Open(path, isExact: true);
        CompareWithDouble(path, Words(file), 3, [-1, 0, 3, 4, 5]);
    }

    [Fact]
    public void A_real_gemma3_decodes_as_its_weights_do_in_double() =>
        CompareWithDouble(SharedFiles.RealGemma, s_realRows.Value, 1, [0, 12, 17]);

    // In double, from the weights of another file of this model, the post's layers give back all 27 words, 15, none, 25, 9, 8, 19, 24, 26; this
    // one has a coarser embedding, and a third of the words is asked.
    [Fact]
    public void A_real_gemma3_makes_its_echo_in_the_layers_from_12_on()
    {
        var echoes = s_realRows
            .Value.GroupBy(row => (row.Arm, row.Layer))
            .ToDictionary(rows => rows.Key, rows => rows.Count(row => row.Echo == true));

        int Echoes(string arm, int layer) => echoes[(arm, layer)];
        Assert.Equal(RealWords, Echoes("without", -1));
        Assert.Equal(RealWords, Echoes("with", -1));
        Assert.All(Enumerable.Range(1, 11), layer => Assert.Equal(0, Echoes("without", layer)));
        Assert.All(Enumerable.Range(1, 11), layer => Assert.Equal(0, Echoes("with", layer)));
        int[] from12 = [9, 7, 3, 7, 8, 9];
        Assert.All(
            from12.Index(),
            layer =>
                Assert.InRange(Echoes("without", 12 + layer.Index), layer.Item - 1, layer.Item + 1)
        );
        Assert.InRange(Echoes("with", 12), 2, 4);
        Assert.Equal(0, Echoes("with", 17));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Capturing_changes_no_logit(bool isExact)
    {
        var path = MiniatureFiles.PathOf(Miniatures.Gemma3, "Q4_K_M");
        BatchToken[] batch =
        [
            .. Enumerable.Range(0, 16).Select(i => new BatchToken(20 + i, 0, i, true)),
        ];
        using var plain = OpenFile.Open(path, with: load => load with { IsExact = isExact });
        using var open = Open(path, isExact);

        plain.Session.Decode(batch);
        open.Session.Residuals!.Capture(batch);

        Assert.Null(plain.Session.Residuals);
        for (var i = 0; i < batch.Length; i++)
        {
            Assert.Equal(plain.Session.Logits(i).ToArray(), open.Session.Logits(i).ToArray());
        }
    }

    [Fact]
    public void The_answer_of_a_prompt_is_seen_layer_by_layer()
    {
        using var file = Open(MiniatureFiles.PathOf(Miniatures.Gemma3), isExact: true);

        var rows = file.Context.Measure<LensRow>(
            Asking(0, new LensProbe(), Arm.With) with
            {
                PromptSets = [Prompts(" John Mary run", " sad")],
            }
        );

        Assert.Equal(14, rows.Count);
        var ids = file.Vocabulary.Tokenize(" John Mary run"u8);
        Assert.Equal([file.Context.Facts.BosToken!.Value, .. ids], rows[0].InputIds!);
        var logits = file.After(rows[0].InputIds!);
        Assert.Equal(Array.IndexOf(logits, logits.Max()), rows[6].Top1!.Id);
    }

    [Fact]
    public void An_architecture_without_the_nodes_is_refused_by_name()
    {
        using var file = Open(MiniatureFiles.PathOf(Miniatures.Gemma2), isExact: false);
        var session = (LLamaSharpSession)file.Session;
        var longer = new Residuals(
            session,
            session.Tap!,
            (Sinks)session.Sinks!,
            layerCount: 3,
            width: 256,
            "a.gguf"
        );

        var error = Assert.Throws<EngineException>(() =>
            longer.Capture([new BatchToken(20, 0, 0, true)])
        );

        Assert.Contains("a.gguf: this architecture does not show its layers", error.Message);
        Assert.Contains("l_out-2", error.Message);
    }

    [Fact]
    public void A_lens_that_does_not_give_the_models_own_logits_gives_no_figure()
    {
        using var file = Open(MiniatureFiles.PathOf(Miniatures.Gemma3), isExact: false);
        var crooked = file.Context with { Session = new CrookedSession(file.Session) };

        var rows = crooked.Measure<LensRow>(Asking(27, new LensProbe(), Arm.With));

        Assert.Equal(27 * 7, rows.Count);
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal((RowStatus.Failed, null), (row.Status, row.Top1));
                Assert.Contains("the lens does not hold here", row.Reason);
            }
        );
    }

    private static void CompareWithDouble(string path, List<LensRow> rows, int words, int[] layers)
    {
        var pass = new Forward(SharedFiles.TwinOf(path));
        List<string> chosen = [.. PublishedWords.Set.Items.Take(words).Select(item => item.Text)];
        rows = rows.FindAll(row =>
            layers.Contains(row.Layer!.Value) && chosen.Contains(row.Item!.Text())
        );
        Assert.Equal(2 * words * layers.Length, rows.Count);
        Assert.All(
            rows,
            row =>
            {
                var logits = pass.LogitsAfter(row.Layer!.Value, row.InputIds!);
                var own = logits[row.Token!.Id];
                logits[row.Token.Id] = double.NegativeInfinity;
                // Behind the last layer stands what an exact run gives.
                var within = row.Layer == layers[^1] ? 0.01 : 0.05;
                Assert.InRange(row.EchoMargin!.Value - (own - logits.Max()), -within, within);
            }
        );
    }

    private static List<LensRow> Words(OpenFile file, int count = 27) =>
        file.Context.Measure<LensRow>(Asking(count, new LensProbe()));

    private static OpenFile Open(string path, bool isExact) =>
        OpenFile.Open(path, with: load => load with { IsExact = isExact, Shows = Insight.Layers });
}
