using EchoRate.Reports.Page;

namespace EchoRate.Tests.Reports.Findings;

/// <summary>The sentences that a run's figures come to.</summary>
public sealed class FindingsTests
{
    private static readonly FileRecord _reference = SampleRun.File with
    {
        Facts = SampleRun.File.Facts with { Quantization = "F16", Sha256 = new string('a', 64) },
        Arithmetic = Arithmetic.Exact,
    };

    private static readonly FileRecord _quantized = SampleRun.File with
    {
        Arithmetic = Arithmetic.Exact,
        Flags = ["gpu_not_used"],
    };

    private static readonly RunSummary _summary = new(
        [
            Of(
                _reference,
                Echo(_reference, "words", "without", 26, 27) with
                {
                    PublishedItems = 18,
                    PublishedMatches = 17,
                },
                Echo(_reference, "words", "with", 0, 27),
                Echo(_reference, "sample:500", "without", 237, 500) with
                {
                    RateLow = 0.431,
                    RateHigh = 0.518,
                },
                Echo(_reference, "ioi", "with", 60, 60) with
                {
                    Probe = "completion",
                }
            ),
            Of(
                _quantized,
                Echo(_quantized, "sample:500", "without", 220, 500) with
                {
                    NearTies = 12,
                    NearTieEpsilon = 0.05,
                    Checked = new CheckedRows(256, 31, 0.1, 0.4, 0.01),
                }
            ),
            Of(SampleRun.Missing),
        ],
        [
            SampleRun.Contrast(_reference, _quantized) with
            {
                Set = "sample:500",
                Items = 500,
                ARate = 0.474,
                BRate = 0.44,
                Lost = 23,
                Gained = 6,
                McNemarPHolm = 0.002,
                Top1Agreement = 0.9,
                WeightsAlone = 40,
                ArithmeticAlone = 9,
            },
        ]
    );

    [Fact]
    public void A_model_is_spoken_of_by_its_reference()
    {
        var finding = Assert.Single(new RunFindings(_summary, new()).Models);
        Assert.Equal("demo-echo", finding.Model);
        Assert.Equal(
            [
                "demo-echo F16 (constructed, not trained) echoes 26 of 27 published words without BOS, 0 of 27 with BOS; 237 of 500 tokens of sample:500 without BOS (47.4 %, 95 % interval 43.1 % to 51.8 %).",
                "the expected token comes first in 60 of 60 with BOS (ioi).",
                "17 of 18 cells agree with the published table's gemma2-2b.",
                "From F16 to Q8_0 the echo of sample:500 without BOS goes from 47.4 % to 44.0 %, the most likely token stays in 90.0 %; more than chance first in Q8_0 (23 lost, 6 gained, p = 0.002).",
                "demo-echo, without BOS, sample:500: from Q8_0 on the weights change more answers than llama.cpp's arithmetic does (40 against 9, McNemar's exact p < 0.0001).",
            ],
            finding.Sentences
        );
    }

    [Fact]
    public void A_prompt_is_quoted_with_what_came_next_in_each_condition()
    {
        var row = SampleRun.Completions[0];
        var without = row with { Arm = "without", Next = SampleRun.Token(9, " the") };
        var seen = new ReportRows();
        seen.See(0, without);
        seen.See(0, row);
        seen.See(1, row);
        var finding = new RunFindings(_summary, seen).Models[0];
        Assert.Equal(
            "'When John and Mary went to the store, John gave the bag to' goes on without BOS with ' the', with BOS with ' Mary'; the expected token comes first in 60 of 60 with BOS (ioi).",
            finding.Completion
        );
    }

    [Fact]
    public void Of_a_whole_vocabulary_kinds_and_tenths_are_told()
    {
        var seen = new ReportRows();
        string[] pieces = [" red", " Rome", "слово", "2025"];
        for (var id = 0; id < 20; id++)
        {
            seen.See(
                0,
                SampleRun.Echoes[0] with
                {
                    Arm = "without",
                    ItemSet = "all",
                    Token = SampleRun.Token(id, pieces[id % 4]),
                    VocabularyQuantile = id / 20.0,
                    Echo = id % 4 == 0,
                    EchoMargin = 1,
                }
            );
        }
        Assert.Equal(
            "By kind of token, without BOS: word after a space 50.0 % of 10, other script 0.0 % of 5, digits and signs 0.0 % of 5; by tenth of the vocabulary, low ids first: 50, 0, 50, 0, 50, 0, 50, 0, 50, 0 %.",
            new RunFindings(_summary, seen).Models[0].Places
        );
    }

    [Fact]
    public void What_to_be_careful_about_is_said_in_words()
    {
        var findings = new RunFindings(_summary, new());
        Assert.Equal(
            "12 of 1,114 outcomes are near ties: they may fall the other way on another machine",
            findings.NearTies
        );
        Assert.Equal(
            ["gpu_not_used (demo-echo Q8_0): a GPU was asked for, and no layer is on one"],
            findings.Flags
        );
        Assert.Equal(
            ["gemma-7b Q4_K_M: not here: the file is not on this machine"],
            findings.NotMeasured
        );
        Assert.Equal(
            ["llama.cpp's own arithmetic changes up to 31 of 256 checked answers (demo-echo Q8_0)"],
            findings.Arithmetic
        );
    }

    [Fact]
    public void Words_that_were_not_measured_are_counted()
    {
        var row = Echo(_reference, "words", "without", 0, 1) with { Items = 27 };
        Assert.Equal(
            "demo-echo F16 (constructed, not trained) echoes 0 of 1 published words (26 more not measured) without BOS.",
            new RunFindings(new RunSummary([Of(_reference, row)], []), new()).Models[0].Echo
        );
    }

    [Fact]
    public void Of_a_ladder_the_file_that_changes_most_is_named()
    {
        var smaller = _quantized with
        {
            Facts = _quantized.Facts with
            {
                Quantization = "Q2_K",
                BitsPerWeight = 2,
                Sha256 = new string('c', 64),
            },
        };
        var row = _summary.Contrasts[0];
        var summary = _summary with
        {
            Contrasts = [row, row with { B = smaller, BRate = 0.47, Top1Agreement = 0.95 }],
        };
        Assert.StartsWith(
            "From F16 to Q8_0, which changes most, the echo of sample:500 without BOS goes from 47.4 % to 44.0 %",
            new RunFindings(summary, new()).Models[0].Quantization,
            StringComparison.Ordinal
        );
    }

    // One word behind several tokens is no independent row: compare.csv has no p, and no sentence may.
    [Fact]
    public void What_is_not_tested_is_not_said_to_be_chance()
    {
        var row = _summary.Contrasts[0] with { McNemarPHolm = null };
        var finding = new RunFindings(_summary with { Contrasts = [row] }, new()).Models[0];
        Assert.Empty(finding.Arithmetic);
        Assert.EndsWith(
            "the most likely token stays in 90.0 %.",
            finding.Quantization,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(BosKind.None, "the file declares no BOS")]
    [InlineData(BosKind.Declared, "its tokenizer never adds it")]
    public void What_BOS_means_is_said_where_it_is_not_the_usual(BosKind kind, string expected)
    {
        var file = _reference with { Facts = _reference.Facts with { BosKind = kind } };
        var summary = new RunSummary([Of(file, Echo(file, "words", "without", 1, 27))], []);
        Assert.Contains(expected, new RunFindings(summary, new()).Models[0].Echo);
    }

    // Whoever adds a flag says in words what it means.
    [Fact]
    public void Every_flag_has_its_words()
    {
        var flags = typeof(EchoRate.Core.Models.RowFlags)
            .GetFields()
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToList();
        var file = _reference with { Flags = [.. flags] };
        var said = new RunFindings(new RunSummary([Of(file)], []), new()).Flags;
        Assert.Equal(flags.Count, said.Count);
        Assert.DoesNotContain(said, line => line.Contains("docs/"));
    }

    private static FileSummary Of(FileRecord file, params SummaryRow[] rows) => new(file, rows);

    private static SummaryRow Echo(
        FileRecord file,
        string set,
        string arm,
        int hits,
        int measured
    ) =>
        new()
        {
            File = file,
            Arm = arm,
            Probe = "echo",
            Set = set,
            Items = measured,
            Measured = measured,
            Hits = hits,
            Rate = (double)hits / measured,
            NearTies = 0,
            Status = RowStatus.Ok,
        };
}
