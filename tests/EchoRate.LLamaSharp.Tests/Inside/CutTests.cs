using EchoRate.LLamaSharp.Inside;

namespace EchoRate.LLamaSharp.Tests.Inside;

/// <summary>Attention that is cut: against what models were constructed for, against a forward pass of our own, and against itself.</summary>
public sealed class CutTests
{
    public static TheoryData<string, string> Files =>
        MiniatureFiles.Typed([.. Miniatures.All, .. Miniatures.HeedingBos], "Q4_K_M");

    // One head of one layer looks for BOS, and only where it finds it does the word's partner follow. Where no layer looks for it, the partner always does.
    [Theory, MemberData(nameof(Files))]
    public void The_layer_and_head_that_look_for_bos_are_found(string name, string type)
    {
        var miniature = MiniatureFiles.Get(name);
        var looking = miniature.BosLayer;
        foreach (var isExact in (bool[])[true, false])
        {
            using var file = Open(MiniatureFiles.PathOf(miniature, type), isExact: isExact);

            var rows = file.Context.Measure<CutRow>(Words(2, new CutProbe { Heads = true }));

            Assert.All(rows, row => Assert.Equal(RowStatus.Ok, row.Status));
            Assert.All(rows, row => Assert.Equal(EndsLooking(row.Cut!), row.Echo));
            var kinds = rows.Where(row => row.Cut!.Head is null).Select(row => row.Cut!.Kind);
            Assert.Equal(Enum.GetValues<CutKind>(), kinds.Distinct());
            Assert.Equal(2 * (2 + (4 * miniature.LayerCount)), kinds.Count());
            var first = Summary(rows)
                .Single(row => row is { Rank: 1, Cut: { Kind: CutKind.Only, Head: null } });
            Assert.Equal(looking is null ? 0 : 2, first.Decides);
            Assert.Equal(looking ?? first.Cut!.Layer, first.Cut!.Layer);
            Assert.Equal(
                2 * 2 * 4 * Math.Min(3, miniature.LayerCount),
                rows.Count(row => row.Cut!.Head is not null)
            );
        }

        bool EndsLooking(AttentionCut cut)
        {
            var isNamed =
                cut.Layer == looking && (cut.Head is null || cut.Head == miniature.BosHead);
            return looking is not null
                && cut.Kind switch
                {
                    CutKind.None => false,
                    CutKind.All => true,
                    CutKind.From => cut.Layer <= looking,
                    CutKind.Upto => cut.Layer >= looking,
                    CutKind.Only => isNamed,
                    _ => !isNamed,
                };
        }
    }

    // A cut is the attention of the rest: with everything cut, a word behind another answers as it does alone. gpt-oss's sinks take their part of both.
    [Theory, MemberData(nameof(Files))]
    public void Cut_off_everywhere_a_word_answers_as_it_does_alone(string name, string type)
    {
        using var file = Open(MiniatureFiles.PathOf(MiniatureFiles.Get(name), type));
        int[] words = [.. PublishedWords.Set.Items.Take(2).Select(item => file.Id(item.Text))];
        var session = file.Session;

        session.Decode([new BatchToken(words[1], 0, 0, true)]);
        var alone = session.Logits(0).ToArray();
        session.Clear();
        session.DecodeWatched([new BatchToken(words[0], 0, 0, false)], []);
        session.CopySequence(0, 1);
        session.DecodeWatched(
            [new BatchToken(words[1], 1, 0, true), new BatchToken(words[1], 1, 1, true)],
            [new AttentionCut(CutKind.All), new AttentionCut(CutKind.None)]
        );

        Assert.InRange(Distance(alone, session.Logits(0).ToArray()), 0, 1e-3);
        Assert.True(Distance(alone, session.Logits(1).ToArray()) > 0.05);
    }

    [Fact]
    public void Layer_12_of_a_real_gemma3_ends_the_echo_by_heads_1_and_3()
    {
        using var file = Open(SharedFiles.RealGemma);

        var rows = file.Context.Measure<CutRow>(
            Words(9, new CutProbe { Layers = [12, 13], Heads = true })
        );

        Assert.Equal(0, Echoes(CutKind.None));
        Assert.InRange(Echoes(CutKind.All), 8, 9);
        Assert.InRange(Echoes(CutKind.From, 12), 6, 8);
        Assert.InRange(Echoes(CutKind.From, 13), 0, 1);
        Assert.InRange(Echoes(CutKind.Only, 12), 0, 1);
        Assert.InRange(Echoes(CutKind.AllBut, 12), 0, 2);
        var first = Summary(rows)
            .Single(row => row is { Rank: 1, Cut: { Kind: CutKind.AllBut, Head: null } });
        Assert.Equal(12, first.Cut!.Layer);
        var heads = Summary(rows)
            .Where(row => row.Cut is { Kind: CutKind.AllBut, Layer: 12, Head: not null })
            .OrderBy(row => row.Echoes);
        Assert.Equal([1, 3], heads.Take(2).Select(row => row.Cut!.Head!.Value).Order());

        int Echoes(CutKind kind, int? layer = null) =>
            rows.Count(row =>
                row.Echo == true
                && row.Cut is { Head: null } cut
                && (cut.Kind, cut.Layer) == (kind, layer)
            );
    }

    [Fact]
    public void A_row_does_not_depend_on_the_cuts_beside_it()
    {
        var path = MiniatureFiles.PathOf(Miniatures.Gemma3, "Q4_K_M");
        var prompts = new PromptSet(
            "p",
            [new Prompt("1", " John Mary run", " Mary"), new Prompt("2", " John Mary sad")],
            Continues: false
        );
        var request = Words(3, new CutProbe { Positions = [0, 1] });
        request = request with { ItemSets = [], PromptSets = [prompts] };
        using var wide = Open(path);
        using var narrow = Open(path, sequences: 1);

        var together = wide.Context.Measure<CutRow>(request);
        var alone = narrow.Context.Measure<CutRow>(request);

        Assert.Equal(2 * 26, together.Count);
        Assert.Equal(together.Select(row => row.Cut!.Kind), alone.Select(row => row.Cut!.Kind));
        Assert.All(
            together.Zip(alone),
            pair =>
                Assert.InRange(
                    pair.First.EchoMargin!.Value - pair.Second.EchoMargin!.Value,
                    -0.01,
                    0.01
                )
        );
        Assert.All(together, row => Assert.Equal(row.Index == 0, row.Hit is not null));
    }

    // The rows without a cut are those of a run.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_cut_a_row_is_that_of_the_echo_to_the_last_bit(bool isExact)
    {
        using var file = Open(MiniatureFiles.PathOf(Miniatures.Gemma2, "Q4_K_M"), isExact: isExact);

        var uncut = file
            .Context.Measure<CutRow>(Words(27, new CutProbe { Layers = [0] }))
            .Where(row => row.Cut!.Kind == CutKind.None)
            .Select(row => (row.EchoMargin, row.TokenLogProb, row.Entropy));

        file.Session.Clear();
        var ordinary = file
            .Context.Measure<EchoRow>(Words(27) with { Look = null })
            .Select(row => (row.EchoMargin, row.TokenLogProb, row.Entropy));
        Assert.Equal(ordinary, uncut);
    }

    // 70 tokens: the sliding layers, which see 64, have lost the first one; the global layer has not, and looks for it.
    [Theory]
    [InlineData("mini-gemma3", 5)]
    [InlineData("mini-gemma2", 1)]
    [InlineData("mini-gpt-oss", 1)]
    public void Beyond_its_window_a_sliding_layer_has_nothing_to_lose(string name, int global)
    {
        using var file = Open(MiniatureFiles.PathOf(MiniatureFiles.Get(name)), cells: 1024);
        var text = string.Concat(Enumerable.Repeat(" John Mary", 35));
        var request = Words(1, new CutProbe { Positions = [0] });

        var rows = file.Context.Measure<CutRow>(
            request with
            {
                ItemSets = [],
                PromptSets = [Prompts(text)],
            }
        );

        Assert.True(rows[0].InputIds!.Length > 70);
        var uncut = rows[0].EchoMargin!.Value;
        var only = rows.Where(row => row.Cut!.Kind == CutKind.Only).ToList();
        Assert.All(
            only.Where(row => row.Cut!.Layer != global),
            row => Assert.InRange(row.EchoMargin!.Value - uncut, -1e-4, 1e-4)
        );
        Assert.True(Math.Abs(only[global].EchoMargin!.Value - uncut) > 1e-3);
    }

    [Fact]
    public void A_prompt_of_one_token_has_nothing_to_cut()
    {
        using var file = Open(MiniatureFiles.PathOf(Miniatures.Gemma2));
        var request = Words(2);

        var rows = file.Context.Measure<CutRow>(request with { Arms = [Arm.Without] });

        Assert.Equal(2, rows.Count);
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal(RowStatus.Failed, row.Status);
                Assert.StartsWith("nothing to cut: of 1 token the last", row.Reason);
                Assert.Null(row.Cut);
            }
        );
    }

    [Fact]
    public void An_architecture_without_the_nodes_is_refused_by_name()
    {
        using var file = Open(MiniatureFiles.PathOf(Miniatures.Gemma2));
        var session = (LLamaSharpSession)file.Session;
        var longer = new Attention(session, session.Tap!, layerCount: 3, "a.gguf");

        var error = Assert.Throws<EngineException>(() =>
            longer.Decode([new BatchToken(20, 0, 0, true)], [])
        );

        Assert.Equal(
            "a.gguf: this architecture does not show its attention: llama.cpp's graph has no node kq_soft_max-2",
            error.Message
        );
    }

    [Theory]
    [InlineData(CutKind.None, CutKind.All, "read and written back as it was changes the answer")]
    [InlineData(CutKind.All, CutKind.None, "answers otherwise than alone")]
    public void A_cut_that_does_not_hold_gives_no_figure(
        CutKind asked,
        CutKind done,
        string expected
    )
    {
        using var file = Open(MiniatureFiles.PathOf(Miniatures.Gemma3));
        var crooked = file.Context with
        {
            Session = new CrookedSession(file.Session)
            {
                Cut = cut => cut?.Kind == asked ? cut with { Kind = done } : cut,
            },
        };

        var rows = crooked.Measure<CutRow>(Words(2));

        Assert.NotEmpty(rows);
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal((RowStatus.Failed, null), (row.Status, row.Top1));
                Assert.Contains(expected, row.Reason);
            }
        );
    }

    [Fact]
    public void What_was_not_decoded_under_watch_cannot_be_cut_off()
    {
        using var file = Open(MiniatureFiles.PathOf(Miniatures.Gemma2));
        var session = file.Session;

        session.Decode([new BatchToken(20, 0, 0, false)]);

        Assert.Throws<InvalidOperationException>(() =>
            session.DecodeWatched([new BatchToken(21, 1, 0, true)], [new AttentionCut(CutKind.All)])
        );
        session.Clear();
        session.DecodeWatched([new BatchToken(20, 0, 0, false)], []);
        Assert.Throws<ArgumentException>(() =>
            session.DecodeWatched(
                [new BatchToken(21, 1, 0, true)],
                [new AttentionCut(CutKind.All) { Positions = [1] }]
            )
        );
    }

    private static IReadOnlyList<CutSummaryRow> Summary(List<CutRow> rows)
    {
        var summary = new CutSummary();
        rows.ForEach(summary.Add);
        return summary.Build();
    }

    private static ProbeRequest Words(int count, CutProbe? probe = null) =>
        Asking(count, probe ?? new CutProbe(), Arm.With);

    private static OpenFile Open(
        string path,
        int sequences = 32,
        int cells = 513,
        bool isExact = true
    ) =>
        OpenFile.Open(
            path,
            sequences,
            load => load with { IsExact = isExact, CacheSize = cells, Shows = Insight.Attention }
        );
}
