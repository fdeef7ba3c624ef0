using System.Collections.Concurrent;
using System.Text;
using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Probes;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Workers;
using EchoRate.Tests.Core;
using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Runs;

/// <summary>The worker's side, without a process: the same rows as in this one, and every ending.</summary>
public sealed class WorkerHostTests
{
    private static readonly MeasureJob Job = WorkerMeasurerTests.Job with
    {
        Facts = ScriptedModel.Facts() with { Path = "scripted.gguf" },
        Request = new ProbeRequest
        {
            ItemSets = [new WordSet("w", [new(" red"), new(" blue"), new("x"), new("xx")])],
            PromptSets = [],
        },
        Load = new LoadOptions { Sequences = 2 },
    };

    [Fact]
    public async Task A_worker_gives_the_rows_of_this_process_byte_by_byte()
    {
        var here = new Heard();
        new InProcessMeasurer(new Engine()).Measure(
            Job,
            here,
            TestContext.Current.CancellationToken
        );

        var (said, fine) = await Work(
            new WorkerJob { Job = Job, Target = WorkerMeasurerTests.Target },
            new Engine()
        );

        Assert.True(fine);
        Assert.Equal(8, here.Lines.Count);
        Assert.Equal(here.Lines, RowsOf(said));
        Assert.Equal(here.Statuses, said.Where(IsRow).Select(Glance));
        Assert.Single(Messages(said), message => message.Loaded is not null);
        Assert.NotNull(Messages(said).Last().Done);
    }

    [Fact]
    public async Task Rows_that_were_lost_are_named_without_the_model()
    {
        var here = new Heard();
        new InProcessMeasurer(new Engine()).Measure(
            Job,
            here,
            TestContext.Current.CancellationToken
        );

        var (said, _) = await Work(
            new WorkerJob
            {
                Job = Job,
                Target = WorkerMeasurerTests.Target,
                Failure = "died",
                Given = 1,
            },
            new Engine { CanLoad = false }
        );

        var rows = said.Where(IsRow).Select(Glance).ToList();
        Assert.Equal(7, rows.Count);
        // What is a measurement without any decode stays one.
        Assert.Equal(
            here.Statuses.Skip(1)
                .Select(row => row.Status == RowStatus.Ok ? (RowStatus.Failed, "died") : row),
            rows
        );
        Assert.Contains("\"token\":", said.First(IsRow));
    }

    [Fact]
    public async Task What_goes_wrong_is_said_by_its_kind()
    {
        Assert.Equal(
            new WorkerError(WorkerErrorKind.Engine, "no such weights"),
            await ErrorOf(new EngineException("no such weights"))
        );
        Assert.Equal(WorkerErrorKind.File, (await ErrorOf(new IOException("full"))).Kind);
        Assert.Equal(
            WorkerErrorKind.Library,
            (await ErrorOf(new NotSupportedException("no library"))).Kind
        );
        Assert.Equal(
            WorkerErrorKind.Memory,
            (await ErrorOf(new InsufficientMemoryException("m"))).Kind
        );
        var bug = await ErrorOf(new InvalidOperationException("oops"));
        Assert.Equal(WorkerErrorKind.Bug, bug.Kind);
        Assert.Contains("InvalidOperationException: oops", bug.Message);
    }

    [Fact]
    public async Task A_worker_told_to_stop_ends_after_the_row()
    {
        using var input = new Input();
        using var decoded = new ManualResetEventSlim();
        input.Say(new WorkerJob { Job = Job, Target = WorkerMeasurerTests.Target }.ToLine());
        var engine = new Engine
        {
            BeforeDecode = batch =>
            {
                if (batch == 1)
                {
                    input.Say("stop");
                    // The reading thread has to have heard it.
                    Assert.True(input.WasDrained.Wait(TimeSpan.FromSeconds(10)));
                    Thread.Sleep(50);
                }
            },
        };

        var (said, fine) = await Work(input, engine, () => { });

        Assert.True(fine);
        Assert.True(Messages(said).Last().Stopped);
        // The rows of the first batch, and one of the second.
        Assert.Equal(3, RowsOf(said).Count());
    }

    [Fact]
    public async Task A_worker_whose_parent_is_gone_ends_at_once()
    {
        using var abandoned = new ManualResetEventSlim();
        using var input = new Input();
        input.Say(new WorkerJob { Job = Job, Target = WorkerMeasurerTests.Target }.ToLine());
        var engine = new Engine
        {
            BeforeDecode = _ =>
            {
                input.End();
                Assert.True(abandoned.Wait(TimeSpan.FromSeconds(10)));
            },
        };

        await Work(input, engine, abandoned.Set);

        Assert.True(abandoned.IsSet);
    }

    [Fact]
    public void A_job_survives_the_pipe()
    {
        var job = new WorkerJob
        {
            Job = Job with
            {
                Request = new ProbeRequest
                {
                    ItemSets =
                    [
                        PublishedWords.Set,
                        new SampleSet(500, 7),
                        new AllSet(9),
                        new CommonSet(2, [" ünï"u8.ToArray(), [0xff, 0xfe]]),
                        new WordSet(
                            "odd",
                            [new Item([0xc3], "half a character"), new Item("a\nb")]
                        ),
                    ],
                    PromptSets = [new PromptSet("p", [new Prompt("1", "t", null)], true)],
                    Arms = Arm.All,
                    ContinueTokens = 3,
                    Neutral = new NeutralPrefixes(5, 6),
                },
                Load = new LoadOptions
                {
                    Sequences = 17,
                    BatchSize = 18,
                    CacheSize = 19,
                    Threads = 2,
                    GpuLayers = -1,
                    Devices = ["Vulkan0", "Vulkan1"],
                    MainGpu = 1,
                    TensorSplit = [0.25f, 0.75f],
                    CpuExpertLayers = 4,
                    MetadataOverrides = new Dictionary<string, bool> { ["k"] = true },
                    Log = Console.WriteLine,
                },
                Selection = new RowSelection(10, 2, 3),
                Reference = new ReferencePlan("/r", "0123456789ab", 5, ReferenceUse.Continue),
            },
            Target = WorkerMeasurerTests.Target,
            Failure = "f",
            Given = 12,
        };

        var back = WorkerJob.FromLine(job.ToLine());

        Assert.Equal(job.ToLine(), back.ToLine());
        Assert.DoesNotContain('\n', job.ToLine());
        Assert.Equal(Arm.All, back.Job.Request.Arms);
        Assert.Null(back.Job.Load.Log);
        Assert.Equal(job.Target, back.Target);
        Assert.Equal(job.Job.Load.TensorSplit, back.Job.Load.TensorSplit);
        Assert.Equal(
            job.Job.Request.ItemSets.Select(set => (set.GetType(), set.Name)),
            back.Job.Request.ItemSets.Select(set => (set.GetType(), set.Name))
        );
        Assert.Equal(
            new byte[] { 0xff, 0xfe },
            Assert.IsType<CommonSet>(back.Job.Request.ItemSets[3]).Words[1]
        );
        Assert.Equal(
            "half a character",
            Assert.IsType<WordSet>(back.Job.Request.ItemSets[4]).Items[0].Category
        );
        Assert.Equal(job.Job.Selection, back.Job.Selection);
        Assert.Equal(job.Job.Reference, back.Job.Reference);
        Assert.Equal(job.Job.Facts, back.Job.Facts);
    }

    private static bool IsRow(string line) => RowGlance.IsRow(Encoding.UTF8.GetBytes(line));

    private static (RowStatus, string?) Glance(string line) =>
        RowGlance.Read(Encoding.UTF8.GetBytes(line));

    private static IEnumerable<string> RowsOf(IEnumerable<string> said) => said.Where(IsRow);

    private static IEnumerable<WorkerMessage> Messages(IEnumerable<string> said) =>
        said.Where(line => !IsRow(line))
            .Select(line => WorkerMessage.FromLine(Encoding.UTF8.GetBytes(line)));

    private static async Task<WorkerError> ErrorOf(Exception e)
    {
        var (said, fine) = await Work(
            new WorkerJob { Job = Job, Target = WorkerMeasurerTests.Target },
            new Engine { BeforeLoad = () => throw e }
        );
        Assert.False(fine);
        return Messages(said).Last().Error!;
    }

    private static async Task<(List<string> Said, bool Fine)> Work(WorkerJob job, Engine engine)
    {
        using var input = new Input();
        input.Say(job.ToLine());
        return await Work(input, engine, () => { });
    }

    private static async Task<(List<string> Said, bool Fine)> Work(
        TextReader input,
        Engine engine,
        Action abandoned
    )
    {
        var messages = new MemoryStream();
        var fine = await new WorkerHost(input, messages, _ => { }, abandoned).RunAsync(
            target =>
            {
                Assert.Equal(WorkerMeasurerTests.Target, target);
                return Task.FromResult<IEngine>(engine);
            },
            e => e is NotSupportedException
        );
        using var read = new MemoryStream(messages.ToArray());
        return ([.. MessageLines.Of(read).Select(Encoding.UTF8.GetString)], fine);
    }

    private sealed class Input : TextReader
    {
        private readonly BlockingCollection<string> _lines = [];

        public ManualResetEventSlim WasDrained { get; } = new();

        public void Say(string line)
        {
            WasDrained.Reset();
            _lines.Add(line);
        }

        public void End() => _lines.CompleteAdding();

        public override string? ReadLine()
        {
            if (_lines.Count == 0)
            {
                WasDrained.Set();
            }
            return _lines.TryTake(out var line, Timeout.Infinite) ? line : null;
        }

        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult(ReadLine());
    }

    private sealed class Engine : IEngine
    {
        public bool CanLoad { get; init; } = true;

        public Action? BeforeLoad { get; init; }

        public Action<int>? BeforeDecode { get; init; }

        public string Name => "scripted";

        public string Version => "1";

        public EngineReport Report => new() { LibraryFolder = "", Devices = [] };

        public IModelSession Load(string path, LoadOptions options)
        {
            BeforeLoad?.Invoke();
            Assert.True(CanLoad);
            return NewModel();
        }

        public ILoadedVocabulary LoadVocabulary(
            string path,
            IReadOnlyDictionary<string, bool> metadataOverrides,
            Action<string>? log = null
        ) => new Vocabulary(NewModel());

        private ScriptedModel NewModel() =>
            new(Pieces, tokens => Flat(tokens[^1]), sequences: 2) { BeforeDecode = BeforeDecode };

        private static float[] Flat(int token) =>
            [.. Enumerable.Range(0, Pieces.Length).Select(id => id == token ? 1f : 0.1f * id)];
    }

    private sealed class Vocabulary(ScriptedModel model) : ILoadedVocabulary
    {
        public int Size => model.Size;

        public ReadOnlyMemory<byte> Piece(int token) => model.Piece(token);

        public TokenKind Kind(int token) => model.Kind(token);

        public bool IsEndOfGeneration(int token) => model.IsEndOfGeneration(token);

        public int[] Tokenize(ReadOnlySpan<byte> utf8) => model.Tokenize(utf8);

        public void Dispose() { }
    }
}
