using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;
using EchoRate.Tests.Core;
using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Runs;

/// <summary>What a run does when a GPU has less memory than it was planned to take.</summary>
public sealed class FallbackTests : IDisposable
{
    private readonly ScriptedRun _run = new();
    private readonly List<LoadOptions> _loads = [];

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_plan_is_what_the_engine_is_asked_for()
    {
        var file = Measure(Plan(40), fits: 40);

        var load = Assert.Single(_loads);
        Assert.Equal(
            (40, 3, 16, 16),
            (load.GpuLayers, load.CpuExpertLayers, load.Sequences, load.BatchSize)
        );
        Assert.Equal(["CUDA0", "CUDA1"], load.Devices);
        Assert.Equal([30f, 10f], load.TensorSplit);
        Assert.Equal((40, RowStatus.Ok), (file.GpuLayers, file.Status));
        Assert.Empty(file.Flags);
        Assert.Empty(_run.Said);
    }

    [Theory]
    [InlineData(30, 30, 2)]
    [InlineData(20, 15, 3)]
    [InlineData(0, 0, 4)]
    public void A_GPU_without_memory_is_tried_with_fewer_layers_twice_and_then_the_CPU_measures(
        int fits,
        int taken,
        int tries
    )
    {
        var file = Measure(Plan(40), fits);

        Assert.Equal(tries, _loads.Count);
        Assert.Equal((taken, RowStatus.Ok), (file.GpuLayers, file.Status));
        Assert.Contains(RowFlags.GpuLayersReduced, file.Flags);
        Assert.StartsWith("a GPU ran out of memory with ", file.Reason);
        Assert.Equal(tries - 1, _run.Said.Count);
        Assert.Equal(
            "scripted F32: a GPU ran out of memory with 40 layers on it; trying 30 layers",
            _run.Said[0]
        );
        Assert.Equal(8, file.MeasuredRows);
    }

    [Fact]
    public void Where_the_very_first_batch_finds_no_memory_fewer_layers_are_tried_too()
    {
        var file = Measure(Plan(40), fits: 40, decodes: 20);

        Assert.Equal((15, 8), (file.GpuLayers, (int?)file.MeasuredRows));
        Assert.Equal([40, 30, 15], _loads.Select(load => load.GpuLayers));
        // The record that a resumed run goes by is that of the layers which measured.
        Assert.Equal(
            15,
            JournalState.Read(Assert.Single(_run.Folder("run").Journals)).File!.GpuLayers
        );
    }

    [Fact]
    public void Where_two_contexts_find_no_memory_one_is_tried_before_fewer_layers()
    {
        var file = Measure(Plan(40) with { HasSecondContext = true }, fits: 40, contexts: 1);

        Assert.Equal([(40, 2), (40, 1)], _loads.Select(load => (load.GpuLayers, load.Contexts)));
        Assert.Equal((40, RowStatus.Ok, (string?)null), (file.GpuLayers, file.Status, file.Reason));
        Assert.Empty(file.Flags);
        Assert.Equal(
            "scripted F32: a GPU ran out of memory with two contexts on it; trying one",
            Assert.Single(_run.Said)
        );
    }

    [Fact]
    public void Rows_say_that_a_GPU_was_asked_for_and_not_used()
    {
        var file = Measure(Plan(40) with { IsGpuWanted = true }, fits: 0);
        var rows = JournalReader.ReadRows(Assert.Single(_run.Folder("run").Journals)).ToList();

        Assert.Contains(RowFlags.GpuNotUsed, file.Flags);
        Assert.Equal(8, rows.Count);
        Assert.All(rows, row => Assert.Equal([RowFlags.GpuNotUsed], row.Flags));
    }

    [Fact]
    public void Other_failures_are_not_tried_again()
    {
        var file = Measure(Plan(40), fits: -1);

        Assert.Single(_loads);
        Assert.Equal((RowStatus.Failed, "broken"), (file.Status, file.Reason));
    }

    [Fact]
    public void A_file_that_was_begun_with_fewer_layers_goes_on_with_as_many()
    {
        Assert.ThrowsAny<OperationCanceledException>(() => Measure(Plan(40), 30, stopAfter: 2));
        _loads.Clear();
        // The GPU is empty now.
        var file = Measure(Plan(40), fits: 40);

        Assert.Equal([30], _loads.Select(load => load.GpuLayers));
        Assert.Equal((30, 8), (file.GpuLayers, (int?)file.MeasuredRows));
    }

    [Fact]
    public void Shards_with_other_plans_are_not_merged()
    {
        var folder = _run.Folder("run");
        var one = _run.Info(folder, ScriptedRun.Found(ScriptedRun.Gpu)) with { Plans = [Plan(40)] };
        var other = one with { Plans = [Plan(39)] };

        Assert.Empty(RunDifferences.ForMerging(one, one));
        Assert.Equal(
            "plan of file 1: 39 of 63 layers (30 + 9), experts of 3 on CPU, batches of 2 rows and 8 tokens, was 40 of 63 layers (30 + 10), experts of 3 on CPU, batches of 2 rows and 8 tokens; give every shard the same --gpu-layers and --sequences",
            Assert.Single(RunDifferences.ForMerging(one, other))
        );
    }

    private static OffloadPlan Plan(int layers) =>
        new()
        {
            Index = 1,
            GpuLayers = layers,
            Layers = 63,
            CpuExpertLayers = 3,
            Devices =
            [
                new DevicePlan("CUDA0", "a card", 30, 1, 2, 3),
                new DevicePlan("CUDA1", "a card", layers - 30, 1, 2, 3),
            ],
            Sequences = 2,
            BatchSize = 8,
            Fallbacks = [30, 15, 0],
            Explanation = "as planned",
        };

    // Loads so many layers, decodes with so many, and in so many contexts; less than none is trouble of another kind.
    private FileRecord Measure(
        OffloadPlan plan,
        int fits,
        int decodes = 100,
        int? stopAfter = null,
        int contexts = 2
    )
    {
        _run.Jobs = [_run.Jobs[0]];
        _run.Plans = [plan];
        _run.Engine = new ScriptedEngine(Load);
        var folder = _run.Measure("run", [ScriptedRun.Cpu], stopAfter: stopAfter);
        return JournalReader.ReadFile(Assert.Single(folder.Journals));

        ScriptedModel Load(LoadOptions options, string path)
        {
            _loads.Add(options);
            if (fits < 0)
            {
                throw new EngineException("broken");
            }
            if (options.GpuLayers > fits)
            {
                throw OutOfMemory();
            }
            return new ScriptedModel(
                Pieces,
                tokens =>
                    options.GpuLayers > decodes || options.Contexts > contexts
                        ? throw OutOfMemory()
                        : Top(tokens[^1]),
                options.Sequences
            )
            {
                Report = ScriptedModel.Cpu with
                {
                    Backend = options.GpuLayers > 0 ? "cuda" : "cpu",
                    Device = options.GpuLayers > 0 ? "CUDA0 (a card)" : "CPU",
                    GpuLayers = options.GpuLayers,
                    Layers = 63,
                },
            };
        }

        static EngineException OutOfMemory() => new("no memory") { IsDeviceOutOfMemory = true };
    }
}
