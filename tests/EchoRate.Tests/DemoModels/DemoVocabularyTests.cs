using EchoRate.DemoModels;
using EchoRate.DemoModels.Vocabulary;

namespace EchoRate.Tests.DemoModels;

public sealed class DemoVocabularyTests
{
    private const string Prompt = "When John and Mary went to the store, John gave the bag to";

    private static readonly string[] PromptTokens =
    [
        "When",
        " John",
        " and",
        " Mary",
        " went",
        " to",
        " the",
        " store",
        ",",
        " John",
        " gave",
        " the",
        " bag",
        " to",
    ];

    private static readonly string[] Words =
    [
        .. (
            "James John Michael Mary Sarah Emma France Spain Italy Paris London Rome red blue green "
            + "January February March happy sad angry run jump walk teacher doctor nurse"
        )
            .Split(' ')
            .Select(word => " " + word),
    ];

    public static TheoryData<string> Names => [.. DemoCatalogue.All.Select(model => model.Name)];

    private static DemoModel Model(string name) =>
        DemoCatalogue.All.Single(model => model.Name == name);

    private static Func<string, IReadOnlyList<int>> Tokenizer(DemoModel model) =>
        model.Vocabulary() is SpmVocabulary
            ? new SpmSimulation(DemoFile.File(model)).Tokenize
            : new BpeSimulation(DemoFile.File(model)).Tokenize;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_catalogue_tells_of_each_published_word_once(string name) =>
        Assert.Equal(Words, Model(name).Words.Select(word => word.Text));

    [Theory]
    [MemberData(nameof(Names))]
    public void No_piece_stands_in_the_vocabulary_twice(string name)
    {
        var pieces = DemoFile.Pieces(Model(name));

        Assert.Equal(pieces.Count, pieces.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_published_word_and_neighbour_is_one_token(string name)
    {
        var vocabulary = Model(name).Vocabulary();
        var tokenize = Tokenizer(Model(name));

        Assert.All(
            [.. Words, " saddest", " hurdle"],
            word => Assert.Equal([vocabulary.Id(word)], tokenize(word))
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_prompts_are_made_of_whole_words(string name)
    {
        var vocabulary = Model(name).Vocabulary();
        var tokenize = Tokenizer(Model(name));

        Assert.Equal(PromptTokens.Select(vocabulary.Id), tokenize(Prompt));
        Assert.All(
            Words.Take(6),
            first =>
                Assert.Equal(
                    14,
                    tokenize(Prompt.Replace(" John", first, StringComparison.Ordinal)).Count
                )
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_has_at_least_800_words_to_draw_from_and_each_tokenizes_to_itself(
        string name
    )
    {
        var vocabulary = Model(name).Vocabulary();
        var tokenize = Tokenizer(Model(name));
        var words = vocabulary
            .Tokens.Where(token => token.Kind == TokenKind.Normal && token.Text.Length > 2)
            .Select(token => token.Text)
            .Where(text => text[0] == ' ' && text.Skip(1).All(char.IsAsciiLetter))
            .ToList();

        var single = words.Count(word => tokenize(word).SequenceEqual([vocabulary.Id(word)]));

        Assert.True(words.Count >= 800, $"{words.Count} words");
        Assert.True(single >= 800, $"{single} of {words.Count} are one token");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_text_can_be_spelt(string name)
    {
        var tokenize = Tokenizer(Model(name));

        Assert.All(
            ["Grüße, 東京!\n", "\t\0\u007f", "supercalifragilistic 𝄞"],
            text => Assert.NotEmpty(tokenize(text))
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Expected_answers_are_tokens(string name)
    {
        var model = Model(name);
        var vocabulary = model.Vocabulary();

        Assert.All(
            model
                .Words.SelectMany(word => new[] { word.WithoutBos, word.AfterBos })
                .Concat(model.Completions.SelectMany(completion => completion.Continuation)),
            text => Assert.True(vocabulary.Has(text), text)
        );
    }

    [Fact]
    public void Demo_echo_loses_one_word_to_its_neighbour_and_demo_plain_echoes_none()
    {
        Assert.Equal(
            [new DemoWord(" sad", " saddest", " and")],
            DemoCatalogue.Echo.Words.Where(word => !word.EchoesWithoutBos)
        );
        Assert.DoesNotContain(DemoCatalogue.Echo.Words, word => word.EchoesAfterBos);
        Assert.DoesNotContain(
            DemoCatalogue.Plain.Words,
            word => word.EchoesWithoutBos || word.EchoesAfterBos
        );
    }
}
