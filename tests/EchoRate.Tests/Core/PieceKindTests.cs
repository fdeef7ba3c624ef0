using EchoRate.Core.Tokens;

namespace EchoRate.Tests.Core;

/// <summary>What kind of text a token stands for.</summary>
public sealed class PieceKindTests
{
    [Theory]
    [InlineData(" John", "word after a space")]
    [InlineData(" über", "word after a space")]
    [InlineData(" điểm", "word after a space")]
    [InlineData("ing", "word without a space")]
    [InlineData(" слово", "other script")]
    [InlineData("中文", "other script")]
    [InlineData("हिन्दी", "other script")]
    [InlineData("don't", "mixed")]
    [InlineData(" x2", "mixed")]
    [InlineData("  word", "mixed")]
    [InlineData("2025", "digits and signs")]
    [InlineData(" =>", "digits and signs")]
    [InlineData("\n\n", "digits and signs")]
    [InlineData("😀", "digits and signs")]
    [InlineData(" ", "digits and signs")]
    [InlineData("<>", "digits and signs")]
    [InlineData("</td>", "markup")]
    [InlineData("<|im_end|>", "markup")]
    public void A_kind_follows_from_the_text(string piece, string kind)
    {
        Assert.Equal(kind, PieceKinds.Of(Encoding.UTF8.GetBytes(piece)));
        Assert.Contains(kind, PieceKinds.All);
    }

    [Fact]
    public void Half_a_character_is_bytes() =>
        Assert.Equal("bytes", PieceKinds.Of([(byte)' ', 0xE2, 0x82]));
}
