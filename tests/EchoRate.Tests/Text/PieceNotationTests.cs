using EchoRate.Core.Text;
using EchoRate.Tests.Reports;

namespace EchoRate.Tests.Text;

public sealed class PieceNotationTests
{
    [Theory]
    [InlineData(" John", "' John'")]
    [InlineData("", "''")]
    [InlineData("'s", @"'\'s'")]
    [InlineData("\\", @"'\\'")]
    [InlineData(" \n\r\t", @"' \n\r\t'")]
    [InlineData("\"", "'\"'")]
    [InlineData("\0\u007f", @"'\x00\x7f'")]
    [InlineData("\u200b", @"'\xe2\x80\x8b'")]
    [InlineData("日本 é😀", "'日本 é😀'")]
    public void A_text_is_printed_as_the_published_table_prints_it(string text, string expected)
    {
        Assert.Equal(expected, PieceNotation.Format(text));
        Assert.True(PieceNotation.TryParse(expected, out var bytes));
        Assert.Equal(Encoding.UTF8.GetBytes(text), bytes);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_printed_in_hexadecimal() =>
        Assert.Equal(@"' \xe2\x82'", PieceNotation.Format([0x20, 0xE2, 0x82]));

    [Theory]
    [InlineData("''s'", "'s")]
    [InlineData("'\"'", "\"")]
    [InlineData("'''", "'")]
    public void A_quote_within_needs_no_backslash(string piece, string text)
    {
        Assert.True(PieceNotation.TryParse(piece, out var bytes));
        Assert.Equal(Encoding.UTF8.GetBytes(text), bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("'")]
    [InlineData("John")]
    [InlineData("'John")]
    [InlineData(@"'\'")]
    [InlineData(@"'\q'")]
    [InlineData(@"'\x4'")]
    [InlineData(@"'\x 4'")]
    [InlineData(@"'\xg0'")]
    public void What_is_no_piece_form_is_refused(string piece) =>
        Assert.False(PieceNotation.TryParse(piece, out _));

    // Not among the cases above: attributes are stored as UTF-8, which has no half of a pair.
    [Fact]
    public void Half_a_surrogate_pair_is_in_no_piece_form() =>
        Assert.False(PieceNotation.TryParse("'\ud83d'", out _));

    [Fact]
    public void Any_bytes_come_back()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var bytes = new Strange(seed).Bytes();
            var piece = PieceNotation.Format(bytes);
            Assert.True(PieceNotation.TryParse(piece, out var back), $"seed {seed}: {piece}");
            Assert.True(bytes.AsSpan().SequenceEqual(back), $"seed {seed}: {piece}");
            Assert.DoesNotContain(piece, char.IsControl);
        }
    }
}
