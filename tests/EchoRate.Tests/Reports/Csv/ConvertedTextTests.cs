using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

/// <summary>People measured words that a spreadsheet takes for numbers and dates: 00123 came back as 123, MARCH1 as 01-Mar.</summary>
public sealed class ConvertedTextTests
{
    private static readonly string[] Bent =
    [
        // Numbers, in anybody's notation.
        .. "0|00123|1.5|1,5|.5|,5|5.|1e5|1E5|1,5e-3|1d5|1e+10|12345678901234567890|1.234,56|1,234.56|1'234|(5)|٣|１２".Split(
            '|'
        ),
        "1 234",
        "1\u00a0234",
        " 123",
        "123 ",
        "1 1/2",
        // Dates and times.
        .. "12/3|2-3|1.2|1.5.|2024-01-05|5/1/2024|1.2.2024|12:30|12:30:45|12:30:45.5|3 pm|3p|12:30 AM|5月1日|2024年1月5日".Split(
            '|'
        ),
        .. "MARCH1|SEPT2|Dec-1|1-Dec|2 Mar|5. Mai|März 5|1 janvier 2024|oct 5|okt-5|2024-01-05T12:30:00Z|2024-01-05 12:30|1 Mar 2024 12:30".Split(
            '|'
        ),
        // Per cent, money, truth, errors and what is none of them.
        .. "5%|1,5 %|$5|5 €|€ 5|-5 €|5 $|£1.50|EUR 5|5 EUR|CHF 5|5 kr|5 zł|R$ 5".Split('|'),
        .. "TRUE|true|False|WAHR|falsch|VRAI|NaN|nan|inf|Infinity|#N/A|#NAME?|#DIV/0!| True".Split(
            '|'
        ),
    ];

    private static readonly string[] Kept =
    [
        .. "word2vec|H2O|v2|2nd|3 apples|7b|Q4_K_M|0x1f|1_000|a1|E5|e5|May|March|march of 3|Mark 5|nano|info|trueness|TRUE!|F16|UD-Q4_K_XL|sample:500".Split(
            '|'
        ),
        " John",
        "20260102-030405",
        "Vulkan0 (llvmpipe)",
        "F32:13 Q4_K:20",
        "[2 101]",
        "0.30.0+815a2a591",
        "",
        " ",
        "…",
        new('1', 256),
    ];

    public static TheoryData<string> BentTexts => [.. Bent];

    public static TheoryData<string> KeptTexts => [.. Kept];

    [Theory, MemberData(nameof(BentTexts))]
    public void A_text_that_a_spreadsheet_converts_takes_the_piece_form_there_and_nowhere_else(
        string text
    )
    {
        foreach (var profile in CsvProfile.All)
        {
            var plain =
                profile == CsvProfile.Data && TextCell.IsPlain(Encoding.UTF8.GetBytes(text));
            foreach (var cell in Cells(text, profile))
            {
                Assert.Equal(plain, cell == text);
                Assert.Equal(Encoding.UTF8.GetBytes(text), TextCell.Read(cell));
            }
        }
    }

    [Theory, MemberData(nameof(KeptTexts))]
    public void Other_texts_stand_as_they_are(string text)
    {
        Assert.False(ConvertedText.IsIt(text));
        Assert.False(ConvertedText.IsIt(Encoding.UTF8.GetBytes(text)));
    }

    // As text and as bytes.
    private static IReadOnlyList<string> Cells(string text, CsvProfile profile)
    {
        var columns = new ColumnTable<string>("echo")
            .Text("text", row => row)
            .TextBytes("bytes", Encoding.UTF8.GetBytes);
        return CsvFile.Read(columns.Bytes(profile, [text]), profile.Separator).Rows[0].Values;
    }
}
