using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Merging;
using EchoRate.Runs.Provenance;
using EchoRate.Runs.Rendering;
using static EchoRate.Tests.Runs.ScriptedRun;

namespace EchoRate.Tests.Runs;

/// <summary>A run of files × targets.</summary>
public sealed class TargetTests : IDisposable
{
    private readonly ScriptedRun _run = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Files_come_first_and_targets_within_each()
    {
        var folder = _run.Measure("run", All);

        Assert.Equal(
            [
                "001-scripted-F32-llamasharp-cpu",
                "002-scripted-F32-llamasharp-vulkan0",
                "003-scripted-F32-llamasharp-vulkan1",
                "004-scripted-Q8_0-llamasharp-cpu",
                "005-scripted-Q8_0-llamasharp-vulkan0",
                "006-scripted-Q8_0-llamasharp-vulkan1",
            ],
            folder.Journals.Select(Path.GetFileNameWithoutExtension)
        );
        Assert.Equal(
            [
                "llamasharp cpu F32 any",
                "llamasharp vulkan0 F32 Vulkan0",
                "llamasharp vulkan1 F32 Vulkan1",
                "llamasharp cpu Q8_0 any",
                "llamasharp vulkan0 Q8_0 Vulkan0",
                "llamasharp vulkan1 Q8_0 Vulkan1",
            ],
            _run.Loads
        );
    }

    [Fact]
    public void A_job_that_was_left_behind_a_finished_file_goes_when_the_run_goes_on()
    {
        var job = _run.Measure("run", [Cpu]).JobPath("001-scripted-F32-llamasharp-cpu");
        // The program was killed after the file's last record stood in its journal.
        File.WriteAllText(job, "{}");

        _run.Measure("run", [Cpu]);

        Assert.False(File.Exists(job));
    }

    [Fact]
    public void A_target_among_others_gives_the_rows_that_it_gives_alone()
    {
        var together = RowsOf(_run.Measure("together", All));

        foreach (var target in All)
        {
            var alone = RowsOf(_run.Measure($"{target.Engine}-{target.DeviceLabel}", [target]));
            Assert.Equal(2, alone.Count);
            Assert.All(alone, journal => Assert.Equal(journal.Value, together[journal.Key]));
            // The quantized file was held against this target's own reference.
            Assert.Contains(
                "\"kld\":",
                alone[$"scripted-Q8_0-{target.Engine}-{target.DeviceLabel}"][0]
            );
        }
        Assert.Equal(6, together.Count);
        Assert.NotEqual(
            together["scripted-Q8_0-llamasharp-cpu"],
            together["scripted-Q8_0-llamasharp-vulkan0"]
        );
    }

    [Fact]
    public void A_file_on_several_devices_is_contrasted_with_itself()
    {
        var contrasts = Contrasts(_run.Measure("run", All));

        Assert.Equal(
            [
                // A reference for each target.
                "Quant without: F32 CPU, Q8_0 CPU: 4 items, lost 1",
                "Quant without: F32 Vulkan0 (llvmpipe), Q8_0 Vulkan0 (llvmpipe): 4 items, lost 1",
                "Quant without: F32 Vulkan1 (llvmpipe), Q8_0 Vulkan1 (llvmpipe): 4 items, lost 1",
                "Device without: F32 CPU, F32 Vulkan0 (llvmpipe): 4 items, lost 1",
                "Device without: F32 CPU, F32 Vulkan1 (llvmpipe): 4 items, lost 1",
                "Device without: Q8_0 CPU, Q8_0 Vulkan0 (llvmpipe): 4 items, lost 1",
                "Device without: Q8_0 CPU, Q8_0 Vulkan1 (llvmpipe): 4 items, lost 1",
            ],
            contrasts
                .Where(row => row.BArm == "without")
                .Select(row =>
                    $"{row.Contrast} {row.AArm}: {Side(row.A)}, {Side(row.B)}: {row.Items} items, lost {row.Lost}"
                )
        );
        // With BOS as without, and one contrast of arms for each file on each target.
        Assert.Equal(7 + 7 + 6, contrasts.Count);
        Assert.All(
            contrasts,
            row => Assert.Equal(row.Contrast == ContrastKind.Quant, row.Kld is not null)
        );
    }

    [Fact]
    public void A_reference_that_cannot_be_loaded_gives_way_to_the_next_file()
    {
        using var run = new ScriptedRun("Q4_0") { Broken = "F32" };

        var journals = run.Measure("run", [Cpu]).Journals;

        var files = journals.Select(JournalReader.ReadFile).ToList();
        Assert.Equal(
            [RowStatus.Failed, RowStatus.Ok, RowStatus.Ok],
            files.Select(file => file.Status)
        );
        Assert.All(JournalReader.ReadRows(journals[1]), row => Assert.Null(row.ReferenceFileId));
        Assert.All(
            JournalReader.ReadRows(journals[2]),
            row => Assert.Equal(files[1].Facts.FileId, row.ReferenceFileId)
        );
    }

    [Fact]
    public void A_reference_whose_logits_are_gone_is_measured_anew_when_a_run_is_gone_on_with()
    {
        var whole = ScriptedRun.RowsOf(_run.Measure("whole", [Cpu]));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            _run.Measure("run", [Cpu], stopAfter: 3)
        );
        using (var folder = _run.Folder("run"))
        {
            Directory
                .EnumerateFiles(folder.Path, "reference-*.logits")
                .ToList()
                .ForEach(File.Delete);
        }

        Assert.Equal(whole, ScriptedRun.RowsOf(_run.Measure("run", [Cpu])));
    }

    [Fact]
    public void Nothing_of_two_targets_has_one_key_or_one_label()
    {
        var barred = _run.Jobs[1] with { Parts = [], Barred = (RowStatus.NotHere, "gone") };
        _run.Jobs = [_run.Jobs[0], barred];
        var folder = _run.Measure("run", All);

        var summary = new RunRenderer(folder, CsvProfile.Data, new RunComparer(null, 0)).Render();

        Assert.Distinct(
            summary
                .Files.SelectMany(file => file.Rows)
                .Select(row =>
                    (
                        row.File.Facts.Quantization,
                        row.File.Engine,
                        row.File.Device,
                        row.Arm,
                        row.Probe,
                        row.Set
                    )
                )
        );
        var files = summary.Files.Select(file => file.File).ToList();
        // What was asked for stands where nothing was taken.
        Assert.Equal(
            ["CPU", "Vulkan0 (llvmpipe)", "Vulkan1 (llvmpipe)", "cpu", "Vulkan0", "Vulkan1"],
            files.Select(file => file.Device)
        );
        Assert.Distinct(FileLabels.Of(files));
        Assert.Contains("scripted F32 (Vulkan0 (llvmpipe))", FileLabels.Of(files));
        // Two that ended on one device are told apart all the same.
        var same = files[0] with
        {
            DeviceLabel = "vulkan0",
        };
        Assert.Equal(
            ["scripted F32 (cpu)", "scripted F32 (vulkan0)"],
            FileLabels.Of([files[0], same])
        );
        Assert.Equal(
            ["scripted F32 (#1)", "scripted F32 (#2)"],
            FileLabels.Of([files[0], files[0]])
        );
    }

    // In the first file, in the first row of the second, and on the last target of the last, when the others need no reference any more.
    [Theory]
    [InlineData(3, 1)]
    [InlineData(8 * 3 + 1, 3)]
    [InlineData(8 * 5 + 3, 1)]
    public void A_run_that_was_cut_off_goes_on_on_every_target(int rows, int references)
    {
        var whole = _run.Measure("whole", All);
        Assert.Throws<OperationCanceledException>(() => _run.Measure("run", All, stopAfter: rows));
        var cut = _run.Folder("run");
        Assert.Equal(
            references,
            Directory
                .EnumerateFiles(cut.Path, "reference-*")
                .Select(Path.GetFileNameWithoutExtension)
                .Distinct()
                .Count()
        );
        _run.Loads.Clear();

        var resumed = _run.Measure("run", All);

        Assert.Equal(RowsOf(whole), RowsOf(resumed));
        Assert.Equal(6 - rows / 8, _run.Loads.Count);
        Assert.Empty(Directory.EnumerateFiles(resumed.Path, "reference-*"));
    }

    [Fact]
    public void Shards_of_several_targets_make_the_whole()
    {
        var whole = _run.Measure("whole", All);
        foreach (var number in new[] { 1, 2 })
        {
            var folder = _run.Measure($"shard-{number}", All, new(0, number - 1, 2));
            (
                _run.Info(
                    folder,
                    Found(Cpu),
                    Found(Gpu, number == 1 ? "cpu.so" : "other.so"),
                    Found(SecondGpu)
                ) with
                {
                    Shard = new RunInfo.ShardInfo(number, 2),
                    Finished = DateTimeOffset.UnixEpoch,
                }
            ).Write(folder.InfoPath);
        }
        var shards = ShardRun.OpenAll([_run.Folder("shard-1").Path, _run.Folder("shard-2").Path]);

        using var merged = _run.Folder("merged");
        RunMerger.Merge(shards, merged, [], "/", Cancellation);

        var (expected, actual) = (RowsOf(whole), RowsOf(merged));
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, journal => Assert.Equal(journal.Value, actual[journal.Key]));
        Assert.False(RunMerger.HaveOneLibrary(shards));
        // Only the target whose libraries differ is marked.
        Assert.Equal(
            [0, 1, 0, 0, 1, 0],
            merged.Journals.Select(journal => JournalReader.ReadFile(journal).Flags.Length)
        );
        File.Delete(_run.Folder("shard-2").Journals[5]);
        Assert.Equal(
            $"{_run.Folder("shard-2").Path}: the run has 2 files on 3 targets (6 journals) and its folder rows holds 5 of them",
            Assert
                .Throws<RunException>(() => ShardRun.OpenAll([_run.Folder("shard-2").Path]))
                .Message
        );
    }

    [Fact]
    public void Other_targets_than_those_that_a_run_was_begun_with_are_named()
    {
        var folder = _run.Folder("run");
        var was = _run.Info(folder, Found(Cpu), Found(Gpu));
        TargetInfo Asked(RunTarget target) => TargetInfo.Of(target, null);

        Assert.Empty(RunDifferences.ForResuming(was, _run.Info(folder, Asked(Cpu), Asked(Gpu))));
        Assert.Equal(
            ["targets: llamasharp cpu, was llamasharp cpu, llamasharp vulkan vulkan0"],
            RunDifferences.ForResuming(was, _run.Info(folder, Asked(Cpu)))
        );
        Assert.Equal(
            [
                "targets: llamasharp cpu, llamasharp vulkan vulkan1, was llamasharp cpu, llamasharp vulkan vulkan0",
            ],
            RunDifferences.ForMerging(was, _run.Info(folder, Found(Cpu), Asked(SecondGpu))).Take(1)
        );
        Assert.Equal(
            ["CPU library: other.so, was cpu.so"],
            RunDifferences.ForResuming(was, _run.Info(folder, Found(Cpu), Found(Gpu, "other.so")))
        );
        var replaced = Found(Gpu) with { Plugin = new("/p/libggml-x.so", new string('b', 64)) };
        Assert.Equal(
            ["GPU library: libggml-x.so sha256:bbbbbbbbbbbb, was none"],
            RunDifferences.ForResuming(was, _run.Info(folder, Found(Cpu), replaced))
        );
    }

    [Fact]
    public void Run_json_lists_targets()
    {
        var folder = _run.Folder("run");
        _run.Info(folder, Found(Cpu), Found(Gpu)).Write(folder.InfoPath);
        var several = RunInfo.Read(folder.InfoPath);
        Assert.DoesNotContain("\"engine\": {", File.ReadAllText(folder.InfoPath));
        Assert.Equal(
            ("Vulkan0", "vulkan"),
            (several.Targets[1].Device, several.Targets[1].Backend)
        );
        Assert.Equal(64L << 30, several.Targets[0].Devices[0].TotalBytes);
        Assert.Equal(4, several.JournalCount);
    }

    [Fact]
    public void Two_targets_that_nothing_tells_apart_are_refused() =>
        Assert.Throws<ArgumentException>(() =>
            _run.Measure("run", [Cpu, Cpu with { Plugin = "/other" }])
        );

    private static string Side(FileRecord file) => $"{file.Facts.Quantization} {file.Device}";

    public void Dispose() => _run.Dispose();
}
