using EchoRate.Core.Text;

namespace EchoRate.Tests.Text;

/// <summary>What a terminal gets to see of text from outside.</summary>
public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain, Straße 東京 😀", "plain, Straße 東京 😀")]
    [InlineData("two\nlines\r\nand\ta tab", "two\nlines\r\nand\ta tab")]
    [InlineData("over\rwritten", @"over\rwritten")]
    [InlineData("\e]0;title\a", @"\x1b]0;title\x07")]
    [InlineData("\u009b2J", @"\xc2\x9b2J")]
    [InlineData("a\u202eb", @"a\xe2\x80\xaeb")]
    [InlineData("back\bspace\0", @"back\x08space\x00")]
    public void A_sentence_keeps_its_lines_and_loses_what_moves_the_cursor(
        string text,
        string seen
    ) => Assert.Equal(seen, TerminalText.Escaped(text));

    [Fact]
    public void Half_a_surrogate_pair_passes() =>
        Assert.Equal("\ud83d", TerminalText.Escaped("\ud83d"));

    [Fact]
    public void Only_colours_pass_where_colours_may() =>
        Assert.Equal(
            "\e[38;5;2mgreen\e[0m" + @"\x1b[2J\x1b[",
            TerminalText.EscapedButColours("\e[38;5;2mgreen\e[0m\e[2J\e[")
        );

    [Theory]
    [InlineData("name", "name")]
    [InlineData("two\nlines", @"'two\nlines'")]
    public void A_name_is_one_word(string name, string seen) =>
        Assert.Equal(seen, TerminalText.Of(name));

    [Theory]
    [InlineData("runs/20260101-000000", "runs/20260101-000000")]
    [InlineData("my runs", "'my runs'")]
    [InlineData("$HOME", "'$HOME'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("", "''")]
    public void A_shell_takes_a_word_as_it_is(string word, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "its shells quote in another way");

        Assert.Equal(expected, TerminalText.ForShell(word));
    }
}
