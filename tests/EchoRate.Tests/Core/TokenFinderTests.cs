using EchoRate.Core.Tokens;
using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

public sealed class TokenFinderTests
{
    [Theory]
    [InlineData(" red")]
    [InlineData(" redder")]
    [InlineData("x")]
    [InlineData(" ")]
    public void A_text_that_is_one_token_is_found_and_comes_back(string text)
    {
        var found = Finder(Model(_ => [])).Find(text);

        Assert.Equal(Id(text), found.Token!.Id);
        Assert.Equal(Encoding.UTF8.GetBytes(text), found.Token.Bytes);
        Assert.Equal([Id(text)], found.Ids);
        Assert.Null(found.Reason);
    }

    [Fact]
    public void A_text_of_several_tokens_has_none_and_says_which()
    {
        var found = Finder(Model(_ => [])).Find(" red blue");

        Assert.Null(found.Token);
        Assert.Equal([Id(" red"), Id(" blue")], found.Ids);
        Assert.Equal($"2 tokens: [{Id(" red")} {Id(" blue")}]", found.Reason);
    }

    [Theory]
    [InlineData("<bos>")]
    [InlineData("<eos>")]
    public void The_name_of_a_control_token_is_a_text_like_any_other(string name)
    {
        string[] letters = [.. name.Distinct().Select(letter => letter.ToString())];
        var model = new ScriptedModel([.. Pieces, .. letters.Except(Pieces)], _ => [])
        {
            Kinds = id => id <= Eos ? TokenKind.Control : TokenKind.Normal,
        };

        var found = Finder(model).Find(name);

        Assert.Null(found.Token);
        Assert.StartsWith("5 tokens", found.Reason, StringComparison.Ordinal);
    }

    // SPM by default: ' red' must go in as 'red', for the tokenizer brings the space.
    [Fact]
    public void Where_the_tokenizer_puts_a_space_in_front_ours_is_left_out()
    {
        var model = new ScriptedModel(Pieces, _ => []) { AddsSpacePrefix = true };
        var finder = new TokenFinder(model, addsSpacePrefix: true);

        Assert.Equal(Id(" red"), finder.Find(" red").Token!.Id);
        // The same tokenizer, its habit not known: two spaces.
        Assert.Null(Finder(model).Find(" red").Token);
    }

    [Fact]
    public void Where_the_tokenizer_puts_a_space_in_front_a_text_without_one_is_never_one_token()
    {
        var model = new ScriptedModel(Pieces, _ => []) { AddsSpacePrefix = true };

        var found = new TokenFinder(model, addsSpacePrefix: true).Find("x");

        Assert.Null(found.Token);
        Assert.Equal([Id(" "), Id("x")], found.Ids);
        Assert.Equal(
            $"token {Id("x")} has these bytes, but the tokenizer gives [{Id(" ")} {Id("x")}]",
            found.Reason
        );
    }

    [Fact]
    public void Of_two_tokens_with_the_same_bytes_the_tokenizer_chooses()
    {
        var model = new ScriptedModel([" red", " red", "x"], _ => []);

        var found = Finder(model).Find(" red");

        Assert.Equal(0, found.Token!.Id);
        Assert.Equal(0, Finder(model).FindBytes(" red"u8.ToArray()));
    }

    // Half a character is no text, so that no tokenizer can be asked; its token is what an item file may name all the same.
    [Fact]
    public void Bytes_that_are_no_text_are_found_without_asking_the_tokenizer()
    {
        var finder = Finder(HalfCharacters());

        Assert.Equal(1, finder.Find([0x20, 0xc3]).Token!.Id);
        Assert.Equal([1], finder.Find([0x20, 0xc3]).Ids);
        Assert.Equal(2, finder.Find([0xa9]).Token!.Id);

        var missing = finder.Find([0xff]);
        Assert.Null(missing.Token);
        Assert.Empty(missing.Ids);
        Assert.Contains("not UTF-8", missing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_measured_like_any_token()
    {
        var model = HalfCharacters();
        var set = new WordSet("halves", [new([0x20, 0xc3]), new([0xff])]);

        var rows = model.Context().Echoes(set, Arm.Without);

        Assert.Equal([RowStatus.Ok, RowStatus.NotSingleToken], rows.Select(row => row.Status));
        Assert.Null(rows[1].TokenizedIds);
        Assert.Equal([1], rows[0].InputIds!);
        Assert.True(rows[0].Echo);
    }

    private static ScriptedModel HalfCharacters() =>
        new(
            [
                [(byte)'a'],
                [0x20, 0xc3],
                [0xa9],
                [0xc3, 0xa9],
            ],
            tokens => [.. Enumerable.Range(0, 4).Select(id => id == tokens[^1] ? 1f : 0f)]
        )
        {
            // A byte token, as SPM files have them for what no piece covers.
            Kinds = id => id == 2 ? TokenKind.Byte : TokenKind.Normal,
        };

    private static TokenFinder Finder(IVocabulary vocabulary) => new(vocabulary, false);
}
