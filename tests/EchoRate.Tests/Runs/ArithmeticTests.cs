using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;
using EchoRate.Tests.Reports;
using static EchoRate.Tests.Runs.ScriptedRun;

namespace EchoRate.Tests.Runs;

/// <summary>
/// Rows in one arithmetic, and a sample of them in the other. In the scripted run the library's arithmetic changes one of the four answers of the
/// quantized file.
/// </summary>
public sealed class ArithmeticTests : IDisposable
{
    private static readonly RunTarget Usual = Cpu with { Arithmetic = null };
    private readonly ScriptedRun _run = new()
    {
        Check = new RowSample(256, 20, 0),
        IsRounding = true,
    };

    [Fact]
    public void A_file_that_exact_arithmetic_does_not_know_is_the_librarys_says_so_and_is_not_checked()
    {
        _run.NotExact = "Q8_0";

        var folder = _run.Measure("run", [Usual]);

        var files = folder.Journals.Select(JournalReader.ReadFile).ToList();
        Assert.Equal(
            [Arithmetic.Exact, Arithmetic.Library],
            files.Select(file => file.Arithmetic!.Value)
        );
        Assert.Equal([false, true], files.Select(file => file.Flags.Contains("not_exact")));
        Assert.Contains("multiplies blk.0.odd (Q4_0) in a way", files[1].Reason);
        Assert.All(
            JournalReader.ReadRows(folder.Journals[1]),
            row => Assert.Contains("not_exact", row.Flags)
        );
        Assert.Equal(
            [true, false],
            folder.Journals.Select(journal => File.Exists(RunFolder.CheckOf(journal)))
        );
    }

    [Fact]
    public void What_the_library_changes_is_counted_by_set_and_arm()
    {
        var folder = _run.Measure("run", [Usual]);
        var check = JournaledFile.OfRun(folder.Journals)[1].Check;

        var without = check.Of("echo", "w", "without")!;
        Assert.Equal((4, 1), (without.Rows, without.Top1Changed));
        Assert.Null(check.Of("echo", "other", "without"));
        Assert.Equal(0.05, check.EpsilonOf("echo", "without"));
    }

    [Fact]
    public void One_file_in_both_arithmetics_is_a_contrast_and_a_is_exact()
    {
        var contrasts = Contrasts(_run.Measure("run", [Usual]))
            .Where(row => row.Contrast == ContrastKind.Arithmetic)
            .ToList();

        Assert.Equal(4, contrasts.Count);
        Assert.All(
            contrasts,
            row =>
            {
                Assert.Equal(Arithmetic.Exact, row.A.Arithmetic);
                Assert.Equal(Arithmetic.Library, row.B.Arithmetic);
                Assert.Equal(4, row.Items);
                Assert.Equal(row.A.Facts.Quantization == "Q8_0" ? 1 : 0, row.Lost);
            }
        );
    }

    [Fact]
    public void Answers_that_the_weights_change_are_told_from_those_that_the_arithmetic_changes()
    {
        var row = Contrasts(_run.Measure("run", [Usual]))
            .First(row => row is { Contrast: ContrastKind.Quant, BArm: "without" });

        // ' green' is lost by the weights, ' Red' by the arithmetic.
        Assert.Equal((1, 1), (row.WeightsAlone, row.ArithmeticAlone));
        Assert.Null(row.Floor);
    }

    [Fact]
    public void Library_rows_have_a_floor_and_a_divergence_from_their_own_weights()
    {
        var folder = _run.Measure("run", [Cpu]);
        var row = Contrasts(folder)
            .First(row => row is { Contrast: ContrastKind.Quant, BArm: "without" });

        Assert.Equal(Arithmetic.Library, row.B.Arithmetic);
        Assert.Equal(0.75, row.Floor!.Top1Agreement);
        Assert.True(row.Floor.KldMean > 0.1);
        Assert.Null(row.WeightsAlone);
        Assert.Empty(
            Directory.EnumerateFiles(folder.Path, "*.logits", SearchOption.AllDirectories)
        );
    }

    [Theory]
    [InlineData(20, 1.81)] // 90 % of 0.1, 0.2 … 2.0
    [InlineData(19, 0.5)] // too few
    public void A_near_tie_of_library_rows_is_what_a_tenth_of_them_moved_by_or_more(
        int pairs,
        double epsilon
    )
    {
        var file = SampleRun.File with { Arithmetic = Arithmetic.Library };
        var row = SampleRun.Echoes[0];
        var check = new ArithmeticCheck(
            file,
            Enumerable
                .Range(1, pairs)
                .Select(i =>
                    (
                        (MeasuredRow)(row with { EchoMargin = 0.1 * i }),
                        (MeasuredRow)(row with { EchoMargin = 0 })
                    )
                )
        );

        Assert.Equal(epsilon, check.EpsilonOf("echo", "without"), 2);
        var tie = row with { EchoMargin = epsilon - 0.01 };
        check.Mark(tie);
        Assert.True(tie.NearTie);
        tie.EchoMargin = -epsilon - 0.01;
        check.Mark(tie);
        Assert.False(tie.NearTie);
    }

    [Fact]
    public void A_library_run_without_a_check_takes_the_noise_of_known_models()
    {
        _run.Check = null;
        var folder = _run.Measure("run", [Cpu]);

        Assert.All(
            folder.Journals,
            journal => Assert.False(File.Exists(RunFolder.CheckOf(journal)))
        );
        Assert.Equal(
            [0.05, 0.5],
            JournaledFile
                .OfRun(folder.Journals)
                .Select(file => file.Check.EpsilonOf("echo", "with"))
        );
        Assert.DoesNotContain(Contrasts(folder), row => row.Contrast == ContrastKind.Arithmetic);
    }

    [Fact]
    public void A_check_that_fails_costs_no_row_and_is_said()
    {
        _run.BrokenArithmetic = Arithmetic.Library;
        var folder = _run.Measure("run", [Usual]);

        Assert.All(
            folder.Journals,
            journal => Assert.Equal(8, JournalReader.ReadFile(journal).MeasuredRows)
        );
        Assert.All(
            folder.Journals,
            journal => Assert.False(File.Exists(RunFolder.CheckOf(journal)))
        );
        Assert.Equal(2, _run.Said.Count);
        Assert.Contains("not checked in the other arithmetic: broken", _run.Said[0]);
    }

    [Fact]
    public void A_run_that_is_gone_on_with_makes_the_check_that_is_missing_and_leaves_the_other()
    {
        var folder = _run.Measure("run", [Usual]);
        var checks = folder.Journals.Select(RunFolder.CheckOf).ToList();
        var was = File.ReadAllBytes(checks[1]);
        var kept = File.GetLastWriteTimeUtc(checks[1]);
        File.Delete(checks[0]);
        _run.Asked.Clear();

        _run.Measure("run", [Usual]);

        Assert.Equal([checks[0]], _run.Asked.Select(job => job.Journal));
        Assert.Equal(was, File.ReadAllBytes(checks[1]));
        Assert.Equal(kept, File.GetLastWriteTimeUtc(checks[1]));
        Assert.True(File.Exists(checks[0]));
    }

    [Fact]
    public void Both_arithmetics_are_two_targets_whose_files_are_paired()
    {
        _run.Check = null;
        var exact = Cpu with { Arithmetic = Arithmetic.Exact, DeviceLabel = "cpu-exact" };
        var folder = _run.Measure("run", [exact, Cpu]);
        var contrasts = Contrasts(folder);

        Assert.Equal(4, contrasts.Count(row => row.Contrast == ContrastKind.Arithmetic));
        Assert.DoesNotContain(contrasts, row => row.Contrast == ContrastKind.Device);
        var quant = contrasts.Where(row => row.Contrast == ContrastKind.Quant).ToList();
        Assert.Equal(4, quant.Count);
        Assert.All(quant, row => Assert.Equal(row.A.Arithmetic, row.B.Arithmetic));
        Assert.All(quant, row => Assert.NotNull(row.Kld));
        // The exact rows' divergence is that from the ladder's reference, and no floor.
        Assert.All(quant, row => Assert.Null(row.Floor?.KldMean));
        Assert.All(
            quant.Where(row => row.B.Arithmetic == Arithmetic.Library),
            row => Assert.NotNull(row.Floor)
        );
    }

    public void Dispose() => _run.Dispose();
}
