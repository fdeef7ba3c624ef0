namespace EchoRate.LLamaSharp.Tests.Inside;

/// <summary>What attention sinks are known by: residuals, and attention to the first token.</summary>
public sealed class SinkTests
{
    public static TheoryData<string> Families =>
        [.. Miniatures.HeedingBos.Select(miniature => miniature.Name)];

    [Theory, MemberData(nameof(Families))]
    public void Figures_are_those_of_a_calculation_by_hand(string name)
    {
        var miniature = MiniatureFiles.Get(name);
        var path = MiniatureFiles.PathOf(miniature);
        var vocabulary = miniature.Vocabulary();
        int[] tokens = [vocabulary.BosId, vocabulary.Id(" John"), vocabulary.Id(" sad")];
        var forward = new Forward(path);
        forward.Logits(tokens);
        using var file = Open(path, Insight.Layers);
        var session = file.Session;
        var heads = forward.FirstAttention.Count / miniature.LayerCount / tokens.Length;

        // Another sequence stands beside it, and this one is copied: the first token's figures go with it.
        session.Decode([
            new BatchToken(tokens[1], 0, 0, false),
            new BatchToken(tokens[0], 0, 1, false),
            new BatchToken(tokens[1], 1, 1, true),
        ]);
        CheckToken(1, batchIndex: 2);
        session.CopySequence(1, 2);
        session.Decode([new BatchToken(tokens[2], 2, 2, true)]);
        CheckToken(2, batchIndex: 0);

        void CheckToken(int token, int batchIndex)
        {
            for (var layer = 0; layer < miniature.LayerCount; layer++)
            {
                var figures = session.Sinks!.At(layer, batchIndex);
                var after = forward.Residuals[layer + 1];
                Near(after[token].Max(Math.Abs), figures.ResidualMax);
                Near(Math.Sqrt(after[token].Average(x => x * x)), figures.ResidualRms);
                if (layer < miniature.LayerCount - 1)
                {
                    Near(after[0].Max(Math.Abs), figures.FirstResidualMax);
                }
                var attention = forward
                    .FirstAttention.Skip(((layer * tokens.Length) + token) * heads)
                    .Take(heads)
                    .ToList();
                Assert.Equal(attention.Average(), figures.FirstAttention!.Value, 1e-3);
                Assert.Equal(
                    attention.Count(given => given > 0.3) / (double)heads,
                    figures.SinkHeads
                );
                Assert.Equal(heads, figures.Heads);
            }
        }
    }

    [Fact]
    public void The_first_token_attends_to_no_other_and_what_is_cut_is_told_as_it_is_cut()
    {
        var miniature = Miniatures.HeedingBos.First(mini => mini.Name.Contains("gemma3"));
        var vocabulary = miniature.Vocabulary();
        using var file = Open(MiniatureFiles.PathOf(miniature), Insight.Attention);

        file.Session.DecodeWatched([new BatchToken(vocabulary.BosId, 0, 0, false)], []);
        var first = SinkFigures.Of(file.Session.Sinks, 0);
        file.Session.DecodeWatched(
            [new BatchToken(vocabulary.Id(" John"), 1, 0, true)],
            [new AttentionCut(CutKind.Only, miniature.BosLayer)]
        );

        Assert.Null(first.FirstAttention);
        Assert.Null(first.SinkHeads);
        Assert.Equal(first.ResidualMax, first.FirstResidualMax);
        Assert.Equal(0, file.Session.Sinks!.At(miniature.BosLayer!.Value, 0).FirstAttention);
        Assert.True(file.Session.Sinks.At(miniature.BosLayer.Value - 1, 0).FirstAttention > 0);
    }

    [Fact]
    public void Beyond_a_sliding_window_the_first_token_gets_nothing_and_in_other_layers_it_does()
    {
        var miniature = Miniatures.HeedingBos.First(mini => mini.Name.Contains("gemma2"));
        var window = miniature.SlidingWindow!.Value;
        var (bos, word) = (miniature.Vocabulary().BosId, miniature.Vocabulary().Id(" John"));
        using var file = Open(MiniatureFiles.PathOf(miniature), Insight.Layers);
        var sinks = file.Session.Sinks!;
        file.Session.Decode([new BatchToken(bos, 0, 0, false)]);

        // So far that cells of the sliding layers are used again.
        for (var position = 1; position < 5 * window; position++)
        {
            file.Session.Decode([new BatchToken(word, position, 0, true)]);

            var given = Enumerable
                .Range(0, miniature.LayerCount)
                .Select(layer => sinks.At(layer, 0).FirstAttention)
                .ToList();
            Assert.True(given[miniature.BosLayer!.Value] > 0 == position < window, $"{position}");
            Assert.Contains(given, attention => attention > 0);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Looking_changes_no_digit(bool isExact)
    {
        var path = MiniatureFiles.PathOf(Miniatures.Gemma3, "Q4_K_M");
        using var looking = Open(path, Insight.Layers, isExact);
        using var blind = Open(path, Insight.Nothing, isExact);

        var rows = Words(looking);

        Assert.All(
            Words(blind).Zip(rows),
            pair =>
            {
                Assert.Equal(pair.First.EchoMargin, pair.Second.EchoMargin);
                Assert.Equal(pair.First.Entropy, pair.Second.Entropy);
                Assert.Equal(pair.First.Top1, pair.Second.Top1);
                Assert.Null(pair.First.ResidualMax);
                Assert.NotNull(pair.Second.ResidualMax);
            }
        );
    }

    // facts §15: BOS has 88,000 in the middle layers, words 3,000 to 6,000, alone or behind BOS.
    [Fact]
    public void Bos_of_a_real_gemma3_is_a_sink_and_words_are_none()
    {
        using var file = Open(SharedFiles.RealGemma, Insight.Layers);

        var rows = Words(file, count: 2);

        var behind = rows.FindAll(row => row.PrefixKind == PrefixKind.Bos);
        Assert.Equal(2, behind.Count);
        Assert.All(
            behind,
            row =>
            {
                Assert.InRange(row.FirstResidualMax!.Value, 88_000 * 0.99, 88_000 * 1.01);
                Assert.InRange(row.FirstAttention!.Value, 0.7, 1);
                Assert.InRange(row.SinkHeads!.Value, 0.9, 1);
            }
        );
        Assert.All(
            rows.Where(row => row.PrefixKind is PrefixKind.None or PrefixKind.Bos),
            row => Assert.InRange(row.ResidualMax!.Value, 2_500, 8_000)
        );
    }

    private static List<PrefixRow> Words(OpenFile file, int count = 27) =>
        file
            .Context.Measure<PrefixRow>(Asking(count, new PrefixProbe(new PrefixChoice(Count: 1))))
            .FindAll(row => row.Status == RowStatus.Ok);

    private static void Near(double expected, double? actual) =>
        Assert.InRange(actual!.Value, expected * 0.998, expected * 1.002);

    private static OpenFile Open(string path, Insight shows, bool isExact = true) =>
        OpenFile.Open(
            path,
            sequences: 64,
            with: load => load with { IsExact = isExact, Shows = shows }
        );
}
