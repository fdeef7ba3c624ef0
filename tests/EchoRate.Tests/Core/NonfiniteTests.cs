using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

/// <summary>One token's NaN spoils its batch and stays in the cache: it costs its own row, and no other.</summary>
public sealed class NonfiniteTests
{
    private static readonly WordSet Items = new(
        "items",
        [new(" red"), new(" blue"), new(" redder"), new(" green"), new("x")]
    );

    [Theory]
    [InlineData("without", 5)]
    [InlineData("with", 5)]
    [InlineData("without", 2)]
    [InlineData("with", 2)]
    [InlineData("without", 1)]
    [InlineData("with", 1)]
    public void A_spoilt_batch_is_measured_again_row_by_row(string arm, int sequences)
    {
        var model = Model(tokens => Top(tokens[^1]), sequences, spoiledBy: Id(" blue"));

        var rows = model.Context().Echoes(Items, Arm.Find(arm)!);

        Assert.Equal(
            [RowStatus.Ok, RowStatus.Nonfinite, RowStatus.Ok, RowStatus.Ok, RowStatus.Ok],
            rows.Select(row => row.Status)
        );
        Assert.Equal(
            Items.Items.Select(item => item.Text),
            rows.Select(row => new Item(row.Item!).Text)
        );
        Assert.All(
            rows.Where(row => row.Status == RowStatus.Ok),
            row =>
            {
                Assert.True(row.Echo);
                Assert.Null(row.Reason);
            }
        );
        Assert.Null(rows[1].Top1);
        Assert.NotNull(rows[1].InputIds);
    }

    [Fact]
    public void Where_the_prefix_itself_is_spoilt_no_row_can_be_measured_and_all_say_so()
    {
        var rows = Model(tokens => Top(tokens[^1]), spoiledBy: Bos)
            .Context()
            .Echoes(Items, Arm.With);

        Assert.Equal(5, rows.Count);
        Assert.All(rows, row => Assert.Equal(RowStatus.Nonfinite, row.Status));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(1)]
    public void A_prompt_that_holds_the_token_leaves_its_neighbours_alone(int sequences)
    {
        var set = new PromptSet(
            "set",
            [new("a", " red", " blue"), new("bad", " green red", " blue"), new("c", " blue")],
            Continues: true
        );
        // red → blue → x → x …
        var model = Model(
            tokens => Top(tokens[^1] == Id(" red") ? Id(" blue") : Id("x")),
            sequences,
            spoiledBy: Id(" green")
        );

        var rows = model.Context().Completions(set, Arm.Without, 3);

        Assert.Equal(
            [RowStatus.Ok, RowStatus.Nonfinite, RowStatus.Ok],
            rows.Select(row => row.Status)
        );
        Assert.Equal([Id(" blue"), Id("x"), Id("x")], rows[0].ContinuationIds!);
        Assert.True(rows[0].Hit);
        Assert.Null(rows[1].ContinuationIds);
        Assert.Null(rows[1].Stop);
        Assert.Equal([Id("x"), Id("x"), Id("x")], rows[2].ContinuationIds!);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    public void A_continuation_that_meets_the_token_ends_there_and_no_other_does(int sequences)
    {
        var set = new PromptSet(
            "set",
            [new("meets", " red", " red blue"), new("goes on", " blue", "x")],
            Continues: true
        );
        // red → green, which spoils; blue → x → x …
        var model = Model(
            tokens => Top(tokens[^1] == Id(" red") ? Id(" green") : Id("x")),
            sequences,
            spoiledBy: Id(" green")
        );

        var rows = model.Context().Completions(set, Arm.Without, 3);

        Assert.Equal([RowStatus.Ok, RowStatus.Ok], rows.Select(row => row.Status));
        Assert.Equal([Id(" green")], rows[0].ContinuationIds!);
        Assert.Contains("ended early", rows[0].Reason, StringComparison.Ordinal);
        // Why there is no outcome is still said.
        Assert.Contains("not a single token", rows[0].Reason, StringComparison.Ordinal);
        Assert.Equal([Id("x"), Id("x"), Id("x")], rows[1].ContinuationIds!);
        Assert.Null(rows[1].Reason);
        Assert.True(rows[1].Hit);
    }
}
