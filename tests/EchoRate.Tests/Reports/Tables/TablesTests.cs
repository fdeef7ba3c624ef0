using System.Text;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Tables;

namespace EchoRate.Tests.Reports.Tables;

public sealed class TablesTests
{
    private static readonly ShownRow<EchoRow>[] _rows =
    [
        Echo("demo-echo F16", " John", " John"),
        Echo("demo-echo F16", " sad", " saddest"),
        Echo("demo-echo F16", "日本", "'s", row => row with { NearTie = true }),
        Echo("demo-echo F16", "|", "|", row => row with { NearTie = true }),
        Echo(
            "demo-echo F16",
            " rare",
            null,
            row => row with { Status = RowStatus.NotSingleToken, TokenizedIds = [7, 8] }
        ),
        Echo("demo Q2_K", " John", ""),
        Echo("demo Q2_K", " sad", null, row => row with { Status = RowStatus.Nonfinite }),
        Echo("gemma-7b Q8_0", null, null, row => row with { Status = RowStatus.NotHere }),
        Echo(
            "demo-echo F16",
            " John",
            null,
            row => row with { Arm = "with", Status = RowStatus.NoBos }
        ),
        Echo("demo Q2_K", " John", " John", row => row with { Arm = "with" }),
        Echo(
            "gemma-7b Q8_0",
            null,
            null,
            row => row with { Arm = "with", Status = RowStatus.Failed }
        ),
    ];

    [Fact]
    public void The_echo_table_reads_like_the_published_one() =>
        Same(
            """
            Echo without BOS

            | Word    | demo-echo F16 | demo Q2_K | gemma-7b Q8_0 |
            | ------- | ------------- | --------- | ------------- |
            | ' John' | ' John' =     | ''        | not here      |
            | ' sad'  | ' saddest'    | NaN       | not here      |
            | '日本'  | '\'s' ~       |           | not here      |
            | '\x7c'  | '\x7c' =~     |           | not here      |
            | ' rare' | (2 tokens)    |           | not here      |

            Echo with BOS

            | Word    | demo-echo F16 | demo Q2_K | gemma-7b Q8_0 |
            | ------- | ------------- | --------- | ------------- |
            | ' John' | no BOS        | ' John' = | failed        |

            = an echo: the word itself came back
            ~ a near tie: what the arithmetic leaves open may flip it
            (2 tokens): the word is not a single token of this model, so it was not measured
            no BOS: the file declares none

            """,
            EchoTable.Render(_rows, new TableStyle())
        );

    [Fact]
    public void Agreement_with_the_published_table_counts_the_cells_that_could_not_be_compared_too()
    {
        var rendered = EchoTable.Render(
            [
                Echo("a F16", " John", " John", row => row with { PublishedMatch = true }),
                Echo("a F16", " sad", " sad", row => row with { PublishedMatch = false }),
                Echo("a F16", " blue", " blue"),
                Echo("b F16", " John", " John", row => row with { PublishedMatch = true }),
                Echo(
                    "b F16",
                    " sad",
                    null,
                    row =>
                        row with
                        {
                            Status = RowStatus.NotSingleToken,
                            PublishedTop1 = " sad"u8.ToArray(),
                        }
                ),
            ],
            new TableStyle()
        );

        Assert.Contains("| ' John' | ' John' =✓ ", rendered, StringComparison.Ordinal);
        Assert.Contains("| ' sad'  | ' sad' =✗  ", rendered, StringComparison.Ordinal);
        Assert.EndsWith(
            """
            ✓ as in the published table, ✗ not as there

            a F16: 1 of 2 cells agree with the published table
            b F16: 1 of 2 cells agree with the published table (1 not measured)

            """.ReplaceLineEndings("\n"),
            rendered,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_table_wider_than_the_terminal_becomes_several()
    {
        var outcomes = _rows.Where(row => row.Condition == "with BOS");
        Same(
            """
            Echo with BOS

            | Word    | demo-echo F16 | demo Q2_K |
            | ------- | ------------- | --------- |
            | ' John' | no BOS        | ' John' = |

            | Word    | gemma-7b Q8_0 |
            | ------- | ------------- |
            | ' John' | failed        |

            = an echo: the word itself came back
            no BOS: the file declares none

            """,
            EchoTable.Render(outcomes, new TableStyle { Width = 54 })
        );
        var narrow = EchoTable.Render(outcomes, new TableStyle { Width = 5 });
        Assert.Equal(3, narrow.Split("| Word").Length - 1);
    }

    [Fact]
    public void Colour_changes_nothing_but_the_colour()
    {
        var coloured = EchoTable.Render(_rows, new TableStyle { Colour = true });
        Assert.Contains("\e[32m' John' =\e[0m", coloured, StringComparison.Ordinal);
        Assert.Equal(
            EchoTable.Render(_rows, new TableStyle()),
            System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9]+m", "")
        );
    }

    [Fact]
    public void A_neutral_condition_is_named_by_its_token() =>
        Assert.Equal(
            @"behind '\n'",
            Echo(
                "f",
                " John",
                " John",
                row => row with { Arm = "neutral", Prefix = SampleRun.Token(5, "\n") }
            ).Condition
        );

    [Fact]
    public void The_table_of_rates_shows_hits_and_how_sure_they_are()
    {
        var builder = new SummaryBuilder();
        for (var item = 0; item < 27; item++)
        {
            builder.Add(SampleRun.Echoes[0] with { Echo = item > 0, NearTie = item < 2 });
            builder.Add(
                SampleRun.Echoes[0] with
                {
                    Arm = "with",
                    Echo = null,
                    Status = RowStatus.NoBos,
                }
            );
        }
        builder.Add(SampleRun.Completions[0]);
        var missing = new SummaryBuilder();
        missing.Add(SampleRun.NotHereRow);
        var summaries = builder
            .Build(SampleRun.File)
            .Select(row => ("demo-echo Q8_0", row))
            .Concat(missing.Build(SampleRun.Missing).Select(row => ("gemma-7b Q4_K_M", row)));
        Same(
            """
            | File            | Arm     |     Echo |  Rate | 95 % interval | Near ties | Completion | token_embd | Bits |
            | --------------- | ------- | -------: | ----: | ------------: | --------: | ---------: | ---------- | ---: |
            | demo-echo Q8_0  | without |    26/27 | 0.963 |   0.817–0.993 |         2 |            | Q8_0       | 8.50 |
            | demo-echo Q8_0  | with    |   no BOS |       |               |           |        1/1 | Q8_0       | 8.50 |
            | gemma-7b Q4_K_M | without | not here |       |               |           |            |            |      |

            """,
            RatesTable.Render(summaries, "words", "published", new TableStyle())
        );
    }

    [Fact]
    public void The_table_of_completions_has_one_line_per_file_and_condition()
    {
        var outcomes = SampleRun
            .Completions.Select(row => new ShownRow<CompletionRow>(
                "demo-echo Q8_0",
                "demo-echo",
                row
            ))
            .Append(
                new ShownRow<CompletionRow>(
                    "gemma-7b Q4_K_M",
                    "gemma-7b",
                    new()
                    {
                        Arm = "without",
                        PromptSet = null,
                        Status = RowStatus.NotHere,
                    }
                )
            );
        Same(
            """
            Completion of 'When John and Mary went to the store, John gave the bag to'

            | File            | Condition   | Next token | Expected | Continuation      |
            | --------------- | ----------- | ---------- | -------- | ----------------- |
            | demo-echo Q8_0  | with BOS    | ' Mary' =✗ | ' Mary'  | ' Mary.\nThe end' |
            | gemma-7b Q4_K_M | without BOS | not here   |          |                   |

            Completion of '\'quoted\''

            | File            | Condition   | Next token | Expected | Continuation |
            | --------------- | ----------- | ---------- | -------- | ------------ |
            | demo-echo Q8_0  | without BOS | '\x7c'     | ' a b'   | ''           |
            | gemma-7b Q4_K_M | without BOS | not here   |          |              |

            = a hit: the expected token is the most likely one
            ✓ as in the published table, ✗ not as there

            """,
            CompletionTable.Render(outcomes, new TableStyle())
        );
    }

    // A word that is wider than its column would push the bars behind it out of line.
    [Theory]
    [InlineData("abc", 3)]
    [InlineData("日本", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("😀", 2)]
    [InlineData("é–…", 3)]
    [InlineData("한국", 4)]
    [InlineData("ＡＢ", 4)]
    [InlineData("नि", 2)]
    public void Width_is_that_of_a_terminal(string text, int width)
    {
        var lines = EchoTable.Render([Echo("f", text, text)], new TableStyle()).Split('\n');
        Assert.Equal(Math.Max("Word".Length, width + 2), lines[3].Split('|')[1].Trim().Length);
    }

    [Theory]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123", "'abcdefghijklmnopqrstuvwxyz0123'")]
    [InlineData("abcdefghijklmnopqrstuvwxyz01234", "'abcdefghijklmnopqrstuvwxyz012…'")]
    [InlineData("日本日本日本日本日本日本日本日本", "'日本日本日本日本日本日本日本…'")]
    public void A_long_token_is_cut_at_a_character(string text, string expected)
    {
        var cut = EchoTable.Render([Echo("f", text, text)], new TableStyle()).Split('\n')[4];
        Assert.StartsWith($"| {expected} ", cut, StringComparison.Ordinal);
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

    private static ShownRow<EchoRow> Echo(
        string file,
        string? word,
        string? top1,
        Func<EchoRow, EchoRow>? change = null
    )
    {
        var row = new EchoRow
        {
            Arm = "without",
            ItemSet = "words",
            Item = word is null ? null : Encoding.UTF8.GetBytes(word),
            Top1 = top1 is null ? null : SampleRun.Token(1, top1),
            Echo = word == top1,
            Status = RowStatus.Ok,
        };
        return new(file, file, change is null ? row : change(row));
    }

    private static void Same(string expected, string actual) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), actual);
}
