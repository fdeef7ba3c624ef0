using EchoRate.Runs.Executing;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;
using EchoRate.Tests.Core;
using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Runs;

/// <summary>What a run does when a GPU has less memory than it was planned to take.</summary>
public sealed class FallbackTests : IDisposable
{
    private static readonly ProbeRequest s_request = new()
    {
        ItemSets = [new WordSet("w", [new(" red"), new(" blue"), new(" green")])],
        PromptSets = [],
    };

    private readonly ScriptedRun _run = new();
    private readonly List<string> _said = [];
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
        Assert.Empty(_said);
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
        Assert.Equal(tries - 1, _said.Count);
        Assert.Equal(
            "scripted F32: a GPU ran out of memory with 40 layers on it; trying 30 layers",
            _said[0]
        );
        Assert.Equal(6, file.MeasuredRows);
    }

    [Fact]
    public void Where_the_very_first_batch_finds_no_memory_fewer_layers_are_tried_too()
    {
        var file = Measure(Plan(40), fits: 40, decodes: 20);

        Assert.Equal((15, 6), (file.GpuLayers, (int?)file.MeasuredRows));
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
            Assert.Single(_said)
        );
    }

    [Fact]
    public void Rows_say_that_a_GPU_was_asked_for_and_not_used()
    {
        var file = Measure(Plan(40) with { IsGpuWanted = true }, fits: 0);
        var rows = JournalReader.ReadRows(Assert.Single(_run.Folder("run").Journals)).ToList();

        Assert.Contains(RowFlags.GpuNotUsed, file.Flags);
        Assert.Equal(6, rows.Count);
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
        Assert.Equal((30, 6), (file.GpuLayers, (int?)file.MeasuredRows));
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

    private FileRecord Measure(
        OffloadPlan plan,
        int fits,
        int decodes = 100,
        int? stopAfter = null,
        int contexts = 2
    )
    {
        _run.Jobs = [_run.Jobs[0]];
        using var source = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        using var folder = _run.Folder("run");
        var seen = 0;
        var progress = new Progress(
            _said,
            () =>
            {
                if (++seen == stopAfter)
                {
                    source.Cancel();
                }
            }
        );
        var work = new RunWork
        {
            Folder = folder,
            Files = _run.Jobs,
            Targets =
            [
                new TargetMeasurer(
                    ScriptedRun.Cpu,
                    new InProcessMeasurer(new SmallCard(fits, decodes, contexts, _loads))
                ),
            ],
            Request = s_request,
            Sequences = 4,
            Threads = 1,
            Plans = [plan],
        };
        RunLoop.Run(work, progress, source.Token);
        return progress.File!;
    }

    private sealed class Progress(List<string> said, Action onRow) : IRunProgress
    {
        public FileRecord? File { get; private set; }

        public void Begin(ModelFacts facts, RunTarget? target, int index, int count, long rows) { }

        public void Say(string line) => said.Add(line);

        public void Rows(FileProgress progress) => onRow();

        public void End(FileRecord file) => File = file;
    }

    // Loads so many layers, decodes with so many, and in so many contexts; less than none is trouble of another kind.
    private sealed class SmallCard(int fits, int decodes, int contexts, List<LoadOptions> loads)
        : IEngine
    {
        public string Name => "llama";

        public string Version => "1";

        public EngineReport Report => new() { LibraryFolder = "", Devices = [] };

        public IModelSession Load(string path, LoadOptions options)
        {
            loads.Add(options);
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
                        : [.. Pieces.Select((_, id) => id == tokens[^1] ? 9f : 0f)],
                options.Sequences
            )
            {
                Report = new SessionReport
                {
                    Backend = options.GpuLayers > 0 ? "cuda" : "cpu",
                    Device = options.GpuLayers > 0 ? "CUDA0 (a card)" : "CPU",
                    GpuLayers = options.GpuLayers,
                    Layers = 63,
                    Threads = 1,
                    AddsBos = true,
                },
            };
        }

        public ILoadedVocabulary LoadVocabulary(
            string path,
            IReadOnlyDictionary<string, bool> metadataOverrides,
            Action<string>? log = null
        ) => throw new NotSupportedException();

        private static EngineException OutOfMemory() =>
            new("no memory") { IsDeviceOutOfMemory = true };
    }
}
