using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

public sealed class EchoProbeTests
{
    private static readonly WordSet Colours = new(
        "colours",
        [new(" red", "colour"), new(" red blue"), new(" blue"), new(" green")]
    );

    // Echoes without BOS; with BOS in front everything becomes ' green'.
    private static float[] EchoesWithoutBos(int[] tokens) =>
        Top(tokens[0] == Bos ? Id(" green") : tokens[^1]);

    [Fact]
    public void Probe_without_bos_puts_only_the_word_in()
    {
        var rows = Run(Model(EchoesWithoutBos), Arm.Without);

        Assert.Equal([Id(" red")], rows[0].InputIds!);
        Assert.Null(rows[0].Prefix);
        Assert.True(rows[0].Echo);
        Assert.Equal(EchoClass.Exact, rows[0].EchoClass);
        Assert.Equal(1, rows[0].TokenRank);
    }

    [Fact]
    public void Probe_with_bos_puts_its_id_in_front()
    {
        var rows = Run(Model(EchoesWithoutBos), Arm.With);

        Assert.Equal([Bos, Id(" red")], rows[0].InputIds!);
        Assert.Equal(Bos, rows[0].Prefix!.Id);
        Assert.False(rows[0].Echo);
        Assert.Equal(" green"u8.ToArray(), rows[0].Top1!.Bytes);
        Assert.True(rows[^1].Echo);
    }

    [Fact]
    public void Every_item_gives_a_row_in_its_order()
    {
        var rows = Run(Model(EchoesWithoutBos), Arm.Without);

        Assert.Equal(
            [" red", " red blue", " blue", " green"],
            rows.Select(row => Encoding.UTF8.GetString(row.Item!))
        );
        Assert.Equal(
            [RowStatus.Ok, RowStatus.NotSingleToken, RowStatus.Ok, RowStatus.Ok],
            rows.Select(row => row.Status)
        );
        Assert.Contains($"[{Id(" red")} {Id(" blue")}]", rows[1].Reason, StringComparison.Ordinal);
        Assert.Null(rows[1].InputIds);
    }

    [Fact]
    public void A_file_without_bos_gives_rows_that_say_so_and_measures_nothing()
    {
        var model = Model(EchoesWithoutBos);
        var rows = Run(model, Arm.With, ScriptedModel.Facts(bos: null, BosKind.None));

        Assert.All(rows, row => Assert.Equal(RowStatus.NoBos, row.Status));
        Assert.Equal(4, rows.Count);
        Assert.Empty(model.Batches);
    }

    [Fact]
    public void A_bos_that_is_declared_and_not_in_the_vocabulary_is_named()
    {
        var facts = ScriptedModel.Facts(bos: null, BosKind.None) with { DeclaredBosToken = 262144 };

        var rows = Run(Model(EchoesWithoutBos), Arm.With, facts);

        Assert.All(rows, row => Assert.Equal(RowStatus.NoBos, row.Status));
        Assert.Equal(
            "the BOS that the file declares is not in its vocabulary (tokenizer.ggml.bos_token_id is 262144)",
            rows[0].Reason
        );
    }

    // No newline, EOS is BOS, and no word drawn: nothing is left to put in front, and every item still gives a row.
    [Fact]
    public void A_vocabulary_without_anything_neutral_gives_rows_that_say_so()
    {
        var model = Model(EchoesWithoutBos);
        var request = new ProbeRequest
        {
            ItemSets = [Colours],
            PromptSets = [new PromptSet("p", [new Prompt("p", " red")], Continues: false)],
            Arms = [Arm.Neutral],
            Neutral = new NeutralPrefixes(0),
        };
        var facts = ScriptedModel.Facts() with { EosToken = Bos };

        var rows = FileProbe.Run(model.Context(facts), request).ToList();

        Assert.Equal(Colours.Items.Count + 1, rows.Count);
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal(("neutral", RowStatus.Failed), (row.Arm, row.Status));
                Assert.StartsWith(
                    "nothing neutral to put in front",
                    row.Reason,
                    StringComparison.Ordinal
                );
            }
        );
        Assert.Empty(model.Batches);
    }

    [Fact]
    public void An_item_that_is_bos_itself_is_flagged_in_every_arm()
    {
        var model = new ScriptedModel(Pieces, EchoesWithoutBos) { Kinds = _ => TokenKind.Normal };
        var request = new ProbeRequest
        {
            ItemSets = [new WordSet("bos", [new("<bos>"), new(" red")])],
            PromptSets = [],
        };

        var rows = FileProbe.Run(model.Context(), request).Cast<EchoRow>().ToList();

        Assert.Equal(
            [
                [Bos],
                [Id(" red")],
                [Bos, Bos],
                [Bos, Id(" red")],
            ],
            rows.Select(row => row.InputIds!)
        );
        Assert.Equal(
            [
                ["bos_in_text"],
                [],
                ["bos_in_text"],
                [],
            ],
            rows.Select(row => row.Flags.ToArray())
        );
    }

    [Fact]
    public void Batches_of_a_set_have_one_width_and_the_last_is_padded()
    {
        var model = Model(EchoesWithoutBos, sequences: 2);
        var rows = Run(model, Arm.With);

        // One decode for the prefix, then three words in two batches of two.
        Assert.Equal([1, 2, 2], model.Batches.Select(batch => batch.Length));
        Assert.All(
            model.Batches.Skip(1),
            batch => Assert.All(batch, token => Assert.Equal(1, token.Position))
        );
        Assert.Equal(3, rows.Count(row => row.Status == RowStatus.Ok));
    }

    [Theory]
    [InlineData(" red", EchoClass.Exact)]
    [InlineData(" Red", EchoClass.CaseSpace)]
    [InlineData(" redder", EchoClass.Extends)]
    [InlineData(" blue", EchoClass.None)]
    public void What_comes_back_is_classed(string answer, EchoClass expected)
    {
        var rows = Run(Model(_ => Top(Id(answer))), Arm.Without);

        Assert.Equal(expected, rows[0].EchoClass);
    }

    [Fact]
    public void An_engine_that_fails_midway_leaves_the_rest_as_failed_rows()
    {
        var model = new ScriptedModel(Pieces, EchoesWithoutBos, sequences: 1)
        {
            Kinds = id => id <= Eos ? TokenKind.Control : TokenKind.Normal,
            BeforeDecode = batch =>
            {
                if (batch == 1)
                {
                    throw new EngineException("llama_decode: out of memory");
                }
            },
        };

        var rows = model.Context().Echoes(Colours, Arm.Without);

        Assert.Equal(
            [RowStatus.Ok, RowStatus.NotSingleToken, RowStatus.Failed, RowStatus.Failed],
            rows.Select(row => row.Status)
        );
        Assert.Equal("llama_decode: out of memory", rows[2].Reason);
        Assert.Equal(
            [" red", " red blue", " blue", " green"],
            rows.Select(row => Encoding.UTF8.GetString(row.Item!))
        );
    }

    private static List<EchoRow> Run(ScriptedModel model, Arm arm, ModelFacts? facts = null) =>
        model.Context(facts).Echoes(Colours, arm);
}
