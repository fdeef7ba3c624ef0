using System.Text.RegularExpressions;
using EchoRate.Reports.Page;
using EchoRate.Reports.Screen;

namespace EchoRate.Tests.Reports.Screen;

public sealed class ScreenTableTests
{
    private static readonly DataTable s_table = new(
        "Words",
        ["Word", DataColumn.Number("Rank"), "demo Q8_0"],
        [
            ["' John'", "1", new DataCell("' John'", CellKind.Hit, IsPiece: true) { Marks = "=" }],
            ["日本", "12,000", new DataCell("'s'", CellKind.Near, IsPiece: true) { Marks = "~" }],
            ["a|b", "", new DataCell("'|'", IsPiece: true)],
            ["' rare'", "3", new DataCell("(2 tokens)", CellKind.Absent)],
        ]
    );

    [Fact]
    public void Columns_are_aligned_and_numbers_flush_right() =>
        Same(
            """
            | Word    |   Rank | demo Q8_0  |
            | ------- | -----: | ---------- |
            | ' John' |      1 | ' John' =  |
            | 日本    | 12,000 | 's' ~      |
            | a\|b    |        | '\x7c'     |
            | ' rare' |      3 | (2 tokens) |

            """,
            ScreenTable.Render(s_table, new TableStyle())
        );

    [Fact]
    public void A_table_wider_than_the_terminal_becomes_several()
    {
        Same(
            """
            | Word    |   Rank |
            | ------- | -----: |
            | ' John' |      1 |
            | 日本    | 12,000 |
            | a\|b    |        |
            | ' rare' |      3 |

            | Word    | demo Q8_0  |
            | ------- | ---------- |
            | ' John' | ' John' =  |
            | 日本    | 's' ~      |
            | a\|b    | '\x7c'     |
            | ' rare' | (2 tokens) |

            """,
            ScreenTable.Render(s_table, new TableStyle { Width = 25 })
        );
        var narrow = ScreenTable.Render(s_table with { Leading = 2 }, new TableStyle { Width = 5 });
        Assert.Single(Regex.Matches(narrow, @"\| Word"));
    }

    [Fact]
    public void Colour_changes_nothing_but_the_colour()
    {
        var coloured = ScreenTable.Render(s_table, new TableStyle { Colour = true });
        Assert.Contains("\e[32m' John' =\e[0m", coloured, StringComparison.Ordinal);
        Assert.Equal(
            ScreenTable.Render(s_table, new TableStyle()),
            Regex.Replace(coloured, "\e\\[[0-9]+m", "")
        );
    }

    // A word that is wider than its column would push the bars behind it out of line.
    [Theory]
    [InlineData("abc", 3)]
    [InlineData("日本", 4)]
    [InlineData("e\u0301", 3)]
    [InlineData("😀", 3)]
    [InlineData("é–…", 3)]
    [InlineData("한국", 4)]
    [InlineData("ＡＢ", 4)]
    [InlineData("नि", 3)]
    public void Width_is_that_of_a_terminal(string text, int width)
    {
        var lines = ScreenTable
            .Render(
                new DataTable(
                    "",
                    ["W"],
                    [
                        [text],
                    ]
                ),
                new TableStyle()
            )
            .Split('\n');
        Assert.Equal(width, lines[1].Split('|')[1].Trim().Length);
    }

    [Theory]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123", "'abcdefghijklmnopqrstuvwxyz0123'")]
    [InlineData("abcdefghijklmnopqrstuvwxyz01234", "'abcdefghijklmnopqrstuvwxyz012…'")]
    [InlineData("日本日本日本日本日本日本日本日本", "'日本日本日本日本日本日本日本…'")]
    public void A_long_token_is_cut_at_a_character(string text, string expected) =>
        Assert.Equal(expected, PageText.Piece(System.Text.Encoding.UTF8.GetBytes(text), 32));

    [Fact]
    public void Of_a_long_table_a_terminal_shows_both_ends()
    {
        var rows = Enumerable.Range(1, 30).Select(n => (DataCell[])[$"r{n}"]).ToList();
        var table = new DataTable("All", ["Row"], rows) { IsLong = true };
        var text = ScreenPage.Render(
            [new("Title", [new Lines(["a", "b"]), new Figures([], table)])],
            new TableStyle()
        );

        Assert.StartsWith("Title\n\na\nb\n\nAll:\n\n| Row |", text);
        Assert.Contains("| r8  |\n| r23 |", text);
        Assert.EndsWith("The first and the last 8 of 30 rows; report.html has them all.\n", text);
    }

    [Fact]
    public void Labels_tell_files_apart_by_what_differs()
    {
        var file = SampleRun.File;
        Assert.Equal(
            ["demo-echo Q8_0 (CPU)", "demo-echo Q8_0 (Vulkan0 (llvmpipe))", "gemma-7b Q4_K_M"],
            FileLabels.Of([file, file with { Device = "Vulkan0 (llvmpipe)" }, SampleRun.Missing])
        );
        var forced = file with
        {
            Facts = file.Facts with { Sha256 = new string('a', 64), TokenEmbeddingType = "Q2_K" },
        };
        Assert.Equal(
            ["demo-echo Q8_0 (embd Q8_0)", "demo-echo Q8_0 (embd Q2_K)"],
            FileLabels.Of([file, forced])
        );
        var other = forced with { Facts = forced.Facts with { Sha256 = new string('b', 64) } };
        Assert.Equal(
            [
                "demo-echo Q8_0 (embd Q8_0) (" + file.Facts.FileId + ")",
                "demo-echo Q8_0 (embd Q2_K) (" + forced.Facts.FileId + ")",
                "demo-echo Q8_0 (embd Q2_K) (" + other.Facts.FileId + ")",
            ],
            FileLabels.Of([file, forced, other])
        );
    }

    private static void Same(string expected, string actual) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), actual);
}
