using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Core.Probes;
using EchoRate.Core.Published;
using EchoRate.Core.Results;
using EchoRate.Hub.Reading;
using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

public sealed class PublishedTableTests
{
    [Fact]
    public void The_table_has_18_words_for_each_model_and_27_for_gemma_7b() =>
        Assert.Equal(
            [27, 18, 18, 18, 18],
            PublishedTable.Names.Select(name => PublishedTable.Find(name)!.Words.Count)
        );

    [Fact]
    public void Gemma_7b_echoes_26_of_27_words()
    {
        var cells = PublishedTable.Find("gemma-7b")!.Words;

        Assert.Equal(26, cells.Count(cell => Text(cell.Value) == cell.Key));
        Assert.Equal(" saddest", Text(cells[" sad"]));
    }

    [Theory]
    [InlineData("gemma2-2b", 17)]
    [InlineData("gemma3-27b", 17)]
    [InlineData("gpt-oss-120b", 0)]
    [InlineData("qwen3-4b", 0)]
    public void Echoes_of_the_other_columns(string column, int echoes) =>
        Assert.Equal(
            echoes,
            PublishedTable.Find(column)!.Words.Count(cell => Text(cell.Value) == cell.Key)
        );

    [Fact]
    public void Every_word_of_the_table_is_one_of_the_27() =>
        Assert.All(
            PublishedTable.Names.SelectMany(name => PublishedTable.Find(name)!.Words.Keys),
            word => Assert.Contains(PublishedWords.Set.Items, item => item.Text == word)
        );

    [Fact]
    public void Manifests_may_name_the_columns_of_the_table_and_no_other() =>
        Assert.Equal(PublishedTable.Names, ManifestKeys.PublishedColumns);

    [Fact]
    public void Cells_are_compared_in_rows_without_bos_only()
    {
        // gemma2-2b: ' red' → ' red', ' green' → ' \n', which is no token here.
        var without = Run(Arm.Without);
        var with = Run(Arm.With);

        Assert.Equal(
            (true, 1, 0d),
            (without[0].PublishedMatch, without[0].PublishedRank, without[0].PublishedGap)
        );
        Assert.False(without[1].PublishedMatch);
        Assert.Null(without[1].PublishedRank);
        Assert.Equal(" \n", Text(without[1].PublishedTop1!));
        Assert.Null(without[2].PublishedTop1);
        Assert.All(with, row => Assert.Null(row.PublishedTop1));
    }

    [Fact]
    public void A_near_miss_has_a_rank_and_a_gap()
    {
        var rows = Run(Arm.Without, tokens => Top(Id(" blue"), tokens[^1]));

        Assert.Equal(
            (false, 2, 1d),
            (rows[0].PublishedMatch, rows[0].PublishedRank, rows[0].PublishedGap)
        );
    }

    private static List<EchoRow> Run(Arm arm, Func<int[], float[]>? logits = null)
    {
        var model = Model(logits ?? (tokens => Top(tokens[^1])));
        var context = model.Context(ScriptedModel.Facts() with { PublishedColumn = "gemma2-2b" });
        var set = new WordSet("words", [new(" red"), new(" green"), new(" blue")]);
        var prefix = Assert.Single(ArmPrefix.Resolve(arm, context.Facts, model));
        return [.. EchoProbe.Run(context, set.Name, set.Resolve(model, context.Finder), prefix)];
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
