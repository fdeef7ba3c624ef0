namespace EchoRate.Tests.Core;

public sealed class PublishedInputTests
{
    [Fact]
    public void There_are_27_words_three_of_each_of_nine_categories()
    {
        var words = PublishedWords.Set.Items;

        Assert.Equal(27, words.DistinctBy(word => word.Text).Count());
        Assert.Equal(
            9,
            words.CountBy(word => word.Category!).Count(category => category.Value == 3)
        );
        Assert.All(words, word => Assert.StartsWith(" ", word.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_published_prompt_is_the_published_one()
    {
        var prompt = Assert.Single(PublishedPrompts.Published.Prompts);

        Assert.Equal("When John and Mary went to the store, John gave the bag to", prompt.Text);
        Assert.Equal(" Mary", prompt.Expected);
        Assert.True(PublishedPrompts.Published.Continues);
    }

    [Fact]
    public void Ioi_has_60_prompts_each_of_which_expects_the_name_that_gave_nothing()
    {
        var prompts = PublishedPrompts.Ioi.Prompts;

        Assert.Equal(60, prompts.DistinctBy(prompt => prompt.Text).Count());
        Assert.Contains(
            prompts,
            prompt => prompt.Text == PublishedPrompts.Published.Prompts[0].Text
        );
        Assert.All(
            prompts,
            prompt => Assert.Equal(1, prompt.Text.Split(prompt.Expected!.Trim()).Length - 1)
        );
    }
}
