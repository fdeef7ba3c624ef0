using EchoRate.Core.Tokens;
using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

public sealed class DrawnItemTests
{
    [Fact]
    public void A_draw_depends_on_seed_and_purpose_and_nothing_else()
    {
        int[] candidates = [.. Enumerable.Range(0, 10_000)];

        var draw = SeededDraw.Draw(candidates, 500, 0, "sample");

        Assert.Equal(draw, SeededDraw.Draw(candidates, 500, 0, "sample"));
        Assert.NotEqual(draw, SeededDraw.Draw(candidates, 500, 1, "sample"));
        Assert.NotEqual(draw, SeededDraw.Draw(candidates, 500, 0, "neutral"));
        Assert.Equal(500, draw.Distinct().Count());
        Assert.Equal(draw.Order(), draw);
        // Pinned: a changed draw would make old and new runs incomparable.
        Assert.Equal(PinnedDraw, draw.Take(5));
    }

    private static readonly int[] PinnedDraw = [0, 5, 9, 45, 62];

    [Fact]
    public void Every_candidate_is_drawn_about_equally_often()
    {
        int[] candidates = [.. Enumerable.Range(0, 20)];
        var counts = new int[candidates.Length];
        for (var seed = 0; seed < 4000; seed++)
        {
            foreach (var drawn in SeededDraw.Draw(candidates, 5, seed, "fair"))
            {
                counts[drawn]++;
            }
        }

        // 1000 expected, standard deviation 27.
        Assert.All(counts, count => Assert.InRange(count, 870, 1130));
    }

    [Fact]
    public void Sample_takes_words_by_id_and_all_of_them_where_there_are_fewer()
    {
        var model = Model(_ => Top(0));
        var items = new SampleSet(500, 0).Resolve(model, new TokenFinder(model, false));

        Assert.Equal(
            [" red", " blue", " Red", " redder", " green"],
            items.Select(item => item.Item.Text)
        );
        Assert.All(items, item => Assert.Equal(Id(item.Item.Text), item.Token!.Id));
        Assert.Equal("sample:500", new SampleSet(500, 0).Name);
    }

    [Fact]
    public void All_takes_every_ordinary_token_and_no_other()
    {
        TokenKind[] kinds =
        [
            TokenKind.Control,
            TokenKind.Normal,
            TokenKind.UserDefined,
            TokenKind.Byte,
            TokenKind.Unknown,
            TokenKind.Unused,
            TokenKind.Normal,
        ];
        var model = new ScriptedModel(
            ["<s>", "a", "b", "<0x00>", "<unk>", "<unused0>", "\n"],
            _ => []
        )
        {
            Kinds = id => kinds[id],
        };

        var items = new AllSet().Resolve(model, new TokenFinder(model, false));

        Assert.Equal([1, 2, 6], items.Select(item => item.Token!.Id));
        Assert.Equal(3, items.Count);
    }

    [Fact]
    public void Common_words_are_found_by_their_bytes()
    {
        var model = Model(_ => Top(0));
        var set = new CommonSet(
            3,
            [.. new[] { " red", " green", " purple" }.Select(Encoding.UTF8.GetBytes)]
        );

        var items = set.Resolve(model, new TokenFinder(model, false));

        Assert.Equal(
            [Id(" red"), Id(" green")],
            items.Select(item => item.Token?.Id).OfType<int>()
        );
        Assert.NotNull(items[2].Reason);
    }

    [Theory]
    [InlineData(" red", true)]
    [InlineData(" übel", true)]
    [InlineData(" слово", true)]
    [InlineData("red", false)]
    [InlineData(" ", false)]
    [InlineData("  red", false)]
    [InlineData(" red2", false)]
    [InlineData(" it's", false)]
    public void A_word_is_a_space_and_letters(string text, bool isWord) =>
        Assert.Equal(isWord, OrdinaryTokens.IsWord(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Half_a_character_is_no_word() =>
        Assert.False(OrdinaryTokens.IsWord([(byte)' ', 0xE2, 0x82]));

    [Fact]
    public void A_newline_may_be_a_byte_token()
    {
        var model = new ScriptedModel(["<bos>", "a", "\n"], _ => [])
        {
            Kinds = id => id == 2 ? TokenKind.Byte : TokenKind.Normal,
        };

        Assert.Equal(2, new TokenFinder(model, false).FindNewline());
    }
}
