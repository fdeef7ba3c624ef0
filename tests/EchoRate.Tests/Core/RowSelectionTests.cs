using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

/// <summary>
/// Whatever part of a file's rows is measured, they are those of the whole. The scripted model's last digits depend on the batch's
/// width and the slot, so that a row in another place shows.
/// </summary>
public sealed class RowSelectionTests
{
    // Items without a token at the beginning, between and at the end; more than one batch of each set; a set without any token.
    private static readonly ProbeRequest Request = new()
    {
        ItemSets =
        [
            new WordSet(
                "items",
                [
                    new(" red blue"),
                    new(" red"),
                    new(" blue"),
                    new(" green red"),
                    new(" redder"),
                    new(" green"),
                    new("x"),
                    new("red"),
                ]
            ),
            new WordSet("none", [new(" red red"), new("dr")]),
            new WordSet("one", [new(" Red")]),
        ],
        PromptSets =
        [
            new PromptSet(
                "continued",
                [
                    new("empty", ""),
                    new("a", " red blue", "x"),
                    new("b", " blue", " red"),
                    new("long", string.Concat(Enumerable.Repeat(" red", 90))),
                    new("c", " green x", "x"),
                    new("d", " red red red", "x"),
                    new("last", ""),
                ],
                Continues: true
            ),
            new PromptSet("next", [new("a", " blue x"), new("b", " red"), new("c", "x")], false),
        ],
        Arms = Arm.All,
        ContinueTokens = 3,
        Neutral = new NeutralPrefixes(2),
    };

    public static TheoryData<int, bool, bool> Models =>
        new()
        {
            { 1, false, true },
            { 2, false, true },
            { 3, false, true },
            { 3, true, true },
            { 3, false, false },
            { 3, true, false },
            { 64, false, true },
        };

    [Theory, MemberData(nameof(Models))]
    public void What_is_left_after_any_number_of_rows_is_the_end_of_the_whole(
        int sequences,
        bool spoilt,
        bool keeps
    )
    {
        var whole = Rows(Slotted(sequences, spoilt, keeps));

        for (var skip = 0; skip <= whole.Count; skip++)
        {
            Assert.Equal(
                whole.Skip(skip),
                Rows(Slotted(sequences, spoilt, keeps), new RowSelection(skip))
            );
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Shards_hold_every_row_once_and_as_it_is_in_the_whole(
        int sequences,
        bool spoilt,
        bool keeps
    )
    {
        var whole = Rows(Slotted(sequences, spoilt, keeps));

        for (var shards = 1; shards <= 7; shards++)
        {
            var parts = Enumerable
                .Range(0, shards)
                .Select(shard =>
                    Rows(Slotted(sequences, spoilt, keeps), new RowSelection(0, shard, shards))
                )
                .ToList();

            Assert.Equal(whole, parts.SelectMany(part => part).OrderBy(PlaceOf));
            Assert.All(parts, part => Assert.Equal(part.OrderBy(PlaceOf), part));
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    public void A_shard_goes_on_where_it_was_cut_off(int sequences, int shards)
    {
        for (var shard = 0; shard < shards; shard++)
        {
            var part = Rows(Slotted(sequences), new RowSelection(0, shard, shards));
            for (var skip = 0; skip <= part.Count; skip++)
            {
                Assert.Equal(
                    part.Skip(skip),
                    Rows(Slotted(sequences), new RowSelection(skip, shard, shards))
                );
            }
        }
    }

    [Fact]
    public void Batches_that_are_there_are_not_decoded_again()
    {
        var whole = Slotted(2);
        var rows = FileProbe.Run(whole.Context(), Request).Count();
        var rest = Slotted(2);

        Assert.Empty(FileProbe.Run(rest.Context(), Request, new RowSelection(rows)));
        Assert.Empty(rest.Batches);
    }

    [Fact]
    public void Shards_share_the_work_evenly()
    {
        var counts = Enumerable
            .Range(0, 4)
            .Select(shard =>
            {
                var model = Slotted(1);
                _ = FileProbe.Run(model.Context(), Request, new RowSelection(0, shard, 4)).Count();
                return model.Batches.Count(batch => batch[0].WantsLogits);
            })
            .ToList();

        Assert.InRange(counts.Max() - counts.Min(), 0, counts.Sum() / 4);
    }

    [Fact]
    public void What_an_engine_gives_up_on_is_left_of_the_selection_alone()
    {
        var whole = Rows(Failing(5));
        var (first, second) = (
            Rows(Failing(5), new RowSelection(0, 0, 2)),
            Rows(Failing(5), new RowSelection(0, 1, 2))
        );

        Assert.Equal(whole.Select(PlaceOf), first.Concat(second).Select(PlaceOf).Order());
        for (var skip = 0; skip <= whole.Count; skip++)
        {
            Assert.Equal(
                whole.Skip(skip).Select(PlaceOf),
                Rows(Failing(0), new RowSelection(skip)).Select(PlaceOf)
            );
        }
    }

    private static List<string> Rows(ScriptedModel model, RowSelection? selection = null) =>
        model.Rows(Request, selection);

    private static long PlaceOf(string row) =>
        JsonDocument.Parse(row).RootElement.GetProperty("Place").GetInt64();

    private static ScriptedModel Failing(int after) =>
        Slotted(
            2,
            beforeDecode: batch =>
            {
                if (batch >= after)
                {
                    throw new EngineException("the engine gave up");
                }
            }
        );
}
