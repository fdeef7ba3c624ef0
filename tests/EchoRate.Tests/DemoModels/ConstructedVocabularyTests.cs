using EchoRate.DemoModels;
using EchoRate.DemoModels.Vocabulary;

namespace EchoRate.Tests.DemoModels;

public sealed class ConstructedVocabularyTests
{
    private const string Prompt = "When John and Mary went to the store, John gave the bag to";

    private static readonly string[] _promptTokens =
        "When| John| and| Mary| went| to| the| store|,| John| gave| the| bag| to".Split('|');

    private static readonly string[] _words =
    [
        .. (
            "James John Michael Mary Sarah Emma France Spain Italy Paris London Rome red blue green "
            + "January February March happy sad angry run jump walk teacher doctor nurse"
        )
            .Split(' ')
            .Select(word => " " + word),
    ];

    public static TheoryData<string> Names => [.. ConstructedFiles.Names];

    public static TheoryData<string> Demos => [.. DemoCatalogue.All.Select(model => model.Name)];

    [Theory, MemberData(nameof(Names))]
    public void The_published_words_are_one_token_each_and_no_piece_stands_there_twice(string name)
    {
        var vocabulary = ConstructedFiles.Vocabulary(name);
        var pieces = ConstructedFiles.Pieces(name);
        var tokenize = ConstructedFiles.Tokenizer(name);

        Assert.Equal(_words, ConstructedFiles.Words(name).Select(word => word.Text));
        Assert.Equal(pieces.Count, pieces.Distinct(StringComparer.Ordinal).Count());
        Assert.All(
            ConstructedFiles.Demo(name) is null ? _words : [.. _words, " saddest", " hurdle"],
            word => Assert.Equal([vocabulary.Id(word)], tokenize(word))
        );
        if (ConstructedFiles.Mini(name) is { } miniature)
        {
            Assert.Distinct(miniature.Words.Select(word => vocabulary.Id(word.AfterBos)));
        }
    }

    [Theory, MemberData(nameof(Demos))]
    public void The_prompts_are_made_of_whole_words(string name)
    {
        var vocabulary = ConstructedFiles.Vocabulary(name);
        var tokenize = ConstructedFiles.Tokenizer(name);

        Assert.Equal(_promptTokens.Select(vocabulary.Id), tokenize(Prompt));
        Assert.All(
            _words.Take(6),
            first => Assert.Equal(14, tokenize(Prompt.Replace(" John", first)).Count)
        );
    }

    [Theory, MemberData(nameof(Demos))]
    public void A_sample_has_at_least_800_words_to_draw_from_and_each_tokenizes_to_itself(
        string name
    )
    {
        var vocabulary = ConstructedFiles.Vocabulary(name);
        var tokenize = ConstructedFiles.Tokenizer(name);
        var words = vocabulary
            .Tokens.Where(token => token.Kind == TokenKind.Normal && token.Text.Length > 2)
            .Select(token => token.Text)
            .Where(text => text[0] == ' ' && text.Skip(1).All(char.IsAsciiLetter))
            .ToList();

        var single = words.Count(word => tokenize(word).SequenceEqual([vocabulary.Id(word)]));

        Assert.True(single >= 800, $"{single} of {words.Count} are one token");
    }

    [Theory, MemberData(nameof(Demos))]
    public void Any_text_can_be_spelt(string name)
    {
        var tokenize = ConstructedFiles.Tokenizer(name);

        Assert.All(
            ["Grüße, 東京!\n", "\t\0\u007f", "supercalifragilistic 𝄞"],
            text => Assert.NotEmpty(tokenize(text))
        );
    }

    [Theory, MemberData(nameof(Demos))]
    public void Expected_answers_are_tokens(string name)
    {
        var model = ConstructedFiles.Demo(name)!;

        Assert.All(
            model
                .Words.SelectMany(word => new[] { word.WithoutBos, word.AfterBos })
                .Concat(model.Completions.SelectMany(completion => completion.Continuation)),
            text => Assert.True(model.Vocabulary().Has(text), text)
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
