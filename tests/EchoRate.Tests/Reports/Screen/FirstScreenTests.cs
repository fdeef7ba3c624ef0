using System.Text.RegularExpressions;
using EchoRate.Core.Tokens;
using EchoRate.Reports.Page;
using EchoRate.Reports.Screen;

namespace EchoRate.Tests.Reports.Screen;

/// <summary>What a run says at its end fits a screen, whatever it measured.</summary>
public sealed class FirstScreenTests
{
    // Two lines are left for where the files are.
    private const int MostLines = FirstScreen.Height - 2;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 13)]
    [InlineData(7, 7)]
    [InlineData(60, 400)]
    public void It_fits_whatever_the_number_of_models_and_files(int models, int files)
    {
        var lines = Lines(Run(models, files, failed: files / 2));

        Assert.InRange(lines.Count, 1, MostLines);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, FirstScreen.Width));
        Assert.Contains(lines, line => line.StartsWith("model-0 ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("| model-0 F16", StringComparison.Ordinal));
        Assert.Equal(
            files > 13,
            lines.Exists(line => line.EndsWith("more files: summary.csv", StringComparison.Ordinal))
        );
        Assert.Equal(
            models > 10,
            lines.Exists(line =>
                line.EndsWith("more models: summary.csv", StringComparison.Ordinal)
            )
        );
        Assert.Equal(
            files / 2 > 3,
            lines.Exists(line => line.Contains("more files that were not measured"))
        );
    }

    [Fact]
    public void A_file_has_its_figures_and_what_it_changes_on_one_line()
    {
        var lines = Lines(Run(1, 2, failed: 0));

        Assert.Contains(
            "| model-0 F16 | 16.0 | Q8_0 | 96.3 (82–99) |  0.0 |   ref |      |       |",
            lines
        );
        Assert.Contains(
            "| model-0 Q1  | 15.0 | Q8_0 | 88.9 (72–96) |  0.0 | -2 +1 | 92.6 | 0.025 |",
            lines
        );
    }

    // 73 of 80 lies between 91.2 and 91.3.
    [Fact]
    public void A_rate_has_the_same_digits_in_the_sentence_and_in_the_table()
    {
        var file = Run(1, 1, failed: 0).Files[0].File;
        var row = Row(file, "without", 26) with
        {
            Set = "sample:80",
            Items = 80,
            Measured = 80,
            Hits = 73,
            Rate = 73 / 80.0,
        };

        var lines = Lines(new RunSummary([new FileSummary(file, [row])], []));

        var figures = lines.SelectMany(line => Regex.Matches(line, @"\b91\.\d")).ToList();
        Assert.Equal(2, figures.Count);
        Assert.Equal(figures[0].Value, figures[1].Value);
    }

    [Fact]
    public void Flipped_words_are_named_and_the_rest_counted()
    {
        var flips = new ReportRows();
        flips.See(1, Flipped(1, " Rome", " Roman") with { NearTie = true });
        // The table is of another set.
        flips.See(1, Flipped(1, " Rome", " Roman") with { ItemSet = "sample:9" });
        Enumerable
            .Range(2, 30)
            .ToList()
            .ForEach(id => flips.See(1, Flipped(id, " nurse", " nurses")));
        flips.See(1, Flipped(40, " not", " counted") with { Arm = "neutral" });
        flips.See(1, Flipped(41, " new", " new") with { Arm = "with", Echo = true });
        flips.See(0, Flipped(1, " Rome", " Rome") with { Flip = false });

        var lines = Lines(Run(1, 2, failed: 0), flips);

        var at = lines.IndexOf("Echo of words flipped against the reference (~ a near tie):");
        Assert.StartsWith(
            "  model-0 Q1 without BOS: ' Rome' → ' Roman' ~, ' nurse' → ' nurses', ",
            lines[at + 1],
            StringComparison.Ordinal
        );
        var shown = lines[at + 1].Split(" → ").Length - 1;
        Assert.EndsWith($", and {31 - shown} more", lines[at + 1], StringComparison.Ordinal);
        Assert.Equal("  model-0 Q1 with BOS: ' new' gained", lines[at + 2]);
        Assert.Equal("", lines[at + 3]);
    }

    [Fact]
    public void Names_from_outside_cannot_break_a_line_or_move_the_cursor()
    {
        var run = Run(1, 2, failed: 0, "evil\n\e[2J|model" + new string('x', 300));

        var lines = Lines(run);

        Assert.InRange(lines.Count, 1, MostLines);
        Assert.All(lines, line => Assert.DoesNotContain('\e', line));
        Assert.All(
            lines.Where(line => line.StartsWith('|')),
            line => Assert.InRange(line.Length, 0, FirstScreen.Width)
        );
    }

    [Fact]
    public void Where_nothing_was_measured_it_says_why()
    {
        var lines = Lines(new RunSummary([new FileSummary(SampleRun.Missing, [])], []));

        Assert.Equal(
            [
                "Nothing was measured.",
                "Read with care:",
                "  gemma-7b Q4_K_M: not here: the file is not on this machine",
            ],
            lines.Where(line => line.Length > 0)
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Where_all_files_failed_their_reasons_stand_in_full(int files)
    {
        var run = Run(1, files, failed: files);
        var reason = string.Join(' ', Enumerable.Repeat("no such architecture", 15));
        var failed = run.Files.Select(file =>
            file with
            {
                File = file.File with { Reason = reason },
            }
        );

        var lines = Lines(new RunSummary([.. failed], []));

        Assert.InRange(lines.Count, 4, MostLines);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, FirstScreen.Width));
        Assert.Contains(reason, string.Join(' ', lines.Select(line => line.Trim())));
        Assert.Equal(
            files > 6,
            lines.Exists(line => line.Contains("more files that were not measured"))
        );
    }

    [Fact]
    public void Other_tokens_in_front_are_shown_where_there_is_nothing_else()
    {
        var run = Run(1, 1, failed: 0);
        FileSummary Only(params string[] arms) =>
            run.Files[0] with
            {
                Rows = [.. arms.Select(arm => Row(run.Files[0].File, arm, 3))],
            };

        Assert.Contains(
            "Echo of words behind other tokens in % (95 % interval):",
            Lines(new RunSummary([Only("neutral")], []))
        );
        Assert.Contains(
            "Echo of words with BOS in % (95 % interval):",
            Lines(new RunSummary([Only("with", "neutral")], []))
        );
    }

    private static List<string> Lines(RunSummary summary, ReportRows? flips = null) =>
        [
            .. new FirstScreen(
                summary,
                new RunFindings(summary, new()),
                flips ?? new ReportRows(),
                new TableStyle()
            )
                .Render()
                .TrimEnd('\n')
                .Split('\n'),
        ];

    // Every model a ladder, its first file the reference.
    private static RunSummary Run(int models, int files, int failed, string? name = null)
    {
        List<FileSummary> all = [];
        List<CompareRow> contrasts = [];
        for (var index = 0; index < files; index++)
        {
            var step = index / models;
            var file = SampleRun.File with
            {
                Facts = SampleRun.File.Facts with
                {
                    Model = name ?? $"model-{index % models}",
                    Quantization = step == 0 ? "F16" : $"Q{step}",
                    BitsPerWeight = 16.0 - (step % 14),
                    Sha256 = index.ToString("x64"),
                },
                Arithmetic = Arithmetic.Exact,
                Status = index >= files - failed ? RowStatus.Failed : RowStatus.Ok,
                Reason =
                    index >= files - failed ? "it does not load: " + new string('y', 200) : null,
                Flags = index % 3 == 2 ? ["gpu_not_used"] : [],
            };
            all.Add(
                new FileSummary(
                    file,
                    file.Status == RowStatus.Ok
                        ? [Row(file, "without", step == 0 ? 26 : 24), Row(file, "with", 0)]
                        : []
                )
            );
            if (step > 0)
            {
                contrasts.Add(Contrast(all[index % models].File, file));
            }
        }
        return new RunSummary(all, contrasts);
    }

    private static SummaryRow Row(FileRecord file, string arm, int hits) =>
        new()
        {
            File = file,
            Arm = arm,
            Probe = "echo",
            Set = "words",
            Items = 27,
            Measured = 27,
            Hits = hits,
            Rate = hits / 27.0,
            RateLow = hits == 0 ? null : Wilson.Interval(hits, 27)!.Value.Low,
            RateHigh = hits == 0 ? null : Wilson.Interval(hits, 27)!.Value.High,
            NearTies = 1,
            NearTieEpsilon = 0.05,
            Checked = new CheckedRows(27, 2, 0.1, 0.2, 0.01),
            Status = RowStatus.Ok,
        };

    private static CompareRow Contrast(FileRecord a, FileRecord b) =>
        SampleRun.Contrast(a, b) with
        {
            ARate = 0.963,
            BRate = 0.889,
            Lost = 2,
            Gained = 1,
            Top1Agreement = 25 / 27.0,
            Kld = new MeanEstimate(0.0254, null, null),
        };

    private static EchoRow Flipped(int id, string word, string next) =>
        SampleRun.Echoes[0] with
        {
            Token = SampleRun.Token(id, word),
            Top1 = new TokenBytes(id + 1000, Encoding.UTF8.GetBytes(next)),
            Echo = false,
            Flip = true,
            NearTie = false,
        };
}
