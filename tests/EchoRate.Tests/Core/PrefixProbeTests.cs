using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

public sealed class PrefixProbeTests
{
    private static readonly WordSet Colours = new(
        "colours",
        [new(" red"), new(" red blue"), new(" blue")]
    );

    // BOS and ' green' end the echo; behind anything else, and alone, a word is given back.
    private static float[] Ends(int[] tokens) =>
        Top(
            tokens.Length > 1 && (tokens[0] == Bos || tokens[0] == Id(" green")) ? Eos : tokens[^1]
        );

    [Fact]
    public void Every_item_stands_behind_every_prefix_and_behind_none()
    {
        var rows = Run(Model(Ends), new PrefixChoice(Count: 100));

        // None, BOS, EOS and the ten others.
        Assert.Equal(13 * 3, rows.Count);
        Assert.Equal(
            [PrefixKind.None, PrefixKind.Bos, PrefixKind.Eos, PrefixKind.Ordinary],
            rows.Select(row => row.PrefixKind!.Value).Distinct()
        );
        Assert.Equal(["without", "with", "neutral"], rows.Select(row => row.Arm).Distinct());
        foreach (var (place, row) in rows.Index())
        {
            Assert.Equal(place, row.Place);
            if (place % 3 == 1)
            {
                Assert.Equal(RowStatus.NotSingleToken, row.Status);
                Assert.Null(row.InputIds);
                continue;
            }
            int[] word = [Id(place % 3 == 0 ? " red" : " blue")];
            Assert.Equal(row.Prefix is null ? word : [row.Prefix.Id, .. word], row.InputIds);
            Assert.Equal(row.Prefix?.Id is not (Bos or 6), row.Echo);
            Assert.Equal(row.Echo == true ? word[0] : Eos, row.Top1!.Id);
        }
        Assert.Equal(6, Id(" green"));
    }

    [Fact]
    public void A_prefix_is_decoded_once_in_a_batch_and_all_words_at_once()
    {
        var model = Model(Ends, sequences: 32);

        Run(model, new PrefixChoice(Count: 0), " red", " blue", " green", " Red", " x");

        // 5 words (one of two tokens) behind none, BOS and EOS: 12 rows in a batch of 16. BOS leads 4 sequences and EOS the other 8, padding included, so
        // all 12 that have a prefix begin it themselves, as 16 would.
        Assert.Equal([12, 16], model.Batches.Select(batch => batch.Length));
        Assert.All(model.Batches[0], token => Assert.False(token.WantsLogits));
        Assert.All(model.Batches[1], token => Assert.True(token.WantsLogits));
        Assert.Equal(4, model.Batches[1].Count(token => token.Position == 0));
    }

    [Fact]
    public void Prefixes_beyond_the_first_16_sequences_are_copied()
    {
        var model = Model(Ends, sequences: 64, cacheSize: 128);
        string[] words = [" red", " blue", " green", " Red", " redder", "r", "e", "d", "x", " "];

        var rows = Run(model, new PrefixChoice(Count: 0, Seed: 1), words);

        // 30 rows: 10 alone, 10 behind BOS, 10 and the padding behind EOS; 16 sequences begin with their prefix themselves, the others get a copy.
        Assert.Equal([16, 32], model.Batches.Select(batch => batch.Length));
        Assert.All(rows, row => Assert.Equal(row.Prefix?.Id != Bos, row.Echo));
    }

    [Fact]
    public void Rows_are_the_same_whatever_the_batch()
    {
        var narrow = Run(Model(Ends, sequences: 1), new PrefixChoice(Count: 5));
        var wide = Run(Model(Ends, sequences: 64, cacheSize: 256), new PrefixChoice(Count: 5));

        Assert.Equal(
            wide.Select(row => (row.Prefix?.Id, row.Token?.Id, row.Echo, row.EchoMargin)),
            narrow.Select(row => (row.Prefix?.Id, row.Token?.Id, row.Echo, row.EchoMargin))
        );
    }

    [Fact]
    public void A_part_of_the_batches_gives_the_same_rows_in_the_same_places()
    {
        var request = Request(new PrefixChoice(Count: 100), Colours);
        var whole = FileProbe.Run(Model(Ends).Context(Facts), request).ToList();

        var rest = FileProbe
            .Run(Model(Ends).Context(Facts), request, new RowSelection(SkipRows: 17))
            .ToList();

        Assert.Equal(whole.Count, FileProbe.RowCount(Model(Ends).Context(Facts), request));
        Assert.Equal(
            whole.Skip(17).Select(row => (row.Place, row.Prefix?.Id, row.Margin)),
            rest.Select(row => (row.Place, row.Prefix?.Id, row.Margin))
        );
    }

    [Fact]
    public void A_row_that_is_not_finite_spoils_no_other()
    {
        var rows = Run(
            Model(Ends, sequences: 64, cacheSize: 256, spoiledBy: Id(" blue")),
            new PrefixChoice(Count: 100)
        );

        Assert.All(
            rows.Where(row => row.InputIds is not null),
            row =>
            {
                var isSpoilt = row.InputIds!.Contains(Id(" blue"));
                Assert.Equal(isSpoilt ? RowStatus.Nonfinite : RowStatus.Ok, row.Status);
                Assert.Equal(isSpoilt, row.Echo is null);
            }
        );
    }

    [Fact]
    public void A_file_without_bos_has_every_other_prefix()
    {
        var rows = Run(
            Model(Ends),
            new PrefixChoice(Count: 0),
            ScriptedModel.Facts(null, BosKind.None),
            " red"
        );

        // The token that another file calls BOS is a control token like any other.
        Assert.Equal(
            [PrefixKind.None, PrefixKind.Special, PrefixKind.Special],
            rows.Select(row => row.PrefixKind!.Value)
        );
    }

    [Fact]
    public void Tokens_that_nobody_uses_are_drawn_and_all_other_control_tokens_taken()
    {
        string[] pieces =
        [
            "<bos>",
            "<eos>",
            .. Enumerable.Range(0, 30).Select(i => $"<tool_{i}>"),
            .. Enumerable.Range(0, 500).Select(i => $"<unused{i}>"),
            .. Enumerable.Range(0, 100).Select(i => $"<|reserved_special_token_{i}|>"),
            .. Enumerable.Range(0, 400).Select(i => $" w{i}"),
        ];
        var model = new ScriptedModel(pieces, _ => new float[pieces.Length])
        {
            Kinds = id => pieces[id][0] == '<' ? TokenKind.Control : TokenKind.Normal,
        };
        var facts = ScriptedModel.Facts() with { EosToken = 1 };

        var prefixes = new PrefixChoice(Count: 50, Seed: 3).Of(facts, model);

        Assert.Equal(
            [
                (PrefixKind.None, 1),
                (PrefixKind.Bos, 1),
                (PrefixKind.Eos, 1),
                (PrefixKind.Special, 30),
                (PrefixKind.Reserved, PrefixChoice.MostReserved),
                (PrefixKind.Ordinary, 50),
            ],
            prefixes.CountBy(prefix => prefix.Kind).Select(kind => (kind.Key, kind.Value))
        );
        Assert.Equal(
            prefixes.Select(prefix => prefix.Prefix.Token?.Id),
            new PrefixChoice(Count: 50, Seed: 3)
                .Of(facts, model)
                .Select(prefix => prefix.Prefix.Token?.Id)
        );
        Assert.NotEqual(
            prefixes.Select(prefix => prefix.Prefix.Token?.Id),
            new PrefixChoice(Count: 50, Seed: 4)
                .Of(facts, model)
                .Select(prefix => prefix.Prefix.Token?.Id)
        );
    }

    private static List<PrefixRow> Run(ScriptedModel model, PrefixChoice choice) =>
        Run(model, choice, Facts, Colours);

    private static List<PrefixRow> Run(
        ScriptedModel model,
        PrefixChoice choice,
        params string[] words
    ) => Run(model, choice, Facts, words);

    private static List<PrefixRow> Run(
        ScriptedModel model,
        PrefixChoice choice,
        ModelFacts facts,
        params string[] words
    ) => Run(model, choice, facts, new WordSet("own", [.. words.Select(word => new Item(word))]));

    private static List<PrefixRow> Run(
        ScriptedModel model,
        PrefixChoice choice,
        ModelFacts facts,
        WordSet set
    ) => [.. FileProbe.Run(model.Context(facts), Request(choice, set)).Cast<PrefixRow>()];

    private static ProbeRequest Request(PrefixChoice choice, WordSet set) =>
        new()
        {
            ItemSets = [set],
            PromptSets = [],
            Look = new PrefixProbe(choice),
        };

    private static ModelFacts Facts => ScriptedModel.Facts() with { EosToken = Eos };
}
