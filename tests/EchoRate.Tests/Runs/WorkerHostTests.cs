using System.Collections.Concurrent;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;
using EchoRate.Runs.Workers;
using EchoRate.Tests.Core;
using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Runs;

/// <summary>The worker's side, without a process: the same rows as in this one, and every ending.</summary>
public sealed class WorkerHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal static RunTarget Target { get; } =
        new()
        {
            Engine = "scripted",
            Backend = "vulkan",
            Plugin = "/libraries",
            Device = "Vulkan1",
            DeviceLabel = "vulkan1",
        };

    public void Dispose() => _folder.Dispose();

    internal static MeasureJob JobIn(TemporaryFolder folder, string journal = "worker.jsonl") =>
        new()
        {
            Record = new FileRecord
            {
                Facts = ScriptedModel.Facts() with { Path = "scripted.gguf" },
                Engine = "scripted",
                Status = RowStatus.Ok,
            },
            Path = folder.At("worker.job.json"),
            Journal = folder.At(journal),
            Target = Target,
            Request = new ProbeRequest
            {
                ItemSets = [new WordSet("w", [new(" red"), new(" blue"), new("x"), new("xx")])],
                PromptSets = [],
            },
            Load = new LoadOptions { Sequences = 2 },
            Selection = RowSelection.Whole,
        };

    [Fact]
    public void A_worker_gives_the_rows_of_this_process_byte_by_byte()
    {
        var seen = new List<FileProgress>();
        new InProcessMeasurer(Engine()).Measure(
            JobIn(_folder, "here.jsonl"),
            _ => { },
            seen.Add,
            TestContext.Current.CancellationToken
        );

        var (messages, isFine) = Work(JobIn(_folder), Engine());

        Assert.True(isFine);
        Assert.Equal(Enumerable.Range(1, 8).Select(rows => new FileProgress(rows)), seen);
        Assert.Equal(RowsOf("here.jsonl"), RowsOf("worker.jsonl"));
        Assert.Equal(0, Assert.Single(messages, message => message.Loaded is not null).Loaded);
        Assert.Equal(8, messages[^2].Alive!.Rows);
        Assert.Equal(6, messages[^1].Done!.MeasuredRows);
    }

    [Fact]
    public void Rows_that_were_lost_are_named_without_the_model()
    {
        Work(JobIn(_folder, "whole.jsonl"), Engine());
        Work(JobIn(_folder), Engine(batch => Assert.Equal(0, batch)));
        var measured = RowsOf("worker.jsonl").Length;

        var (messages, _) = Work(
            JobIn(_folder) with
            {
                Lost = new LostWorker("died", 1000, 77),
            },
            Engine(onLoad: () => Assert.Fail("the model is loaded"))
        );

        var (whole, rows) = (
            JournalReader.ReadRows(_folder.At("whole.jsonl")).ToList(),
            JournalReader.ReadRows(_folder.At("worker.jsonl")).ToList()
        );
        Assert.InRange(measured, 1, 7);
        Assert.Equal(RowsOf("whole.jsonl")[..measured], RowsOf("worker.jsonl")[..measured]);
        // What is a measurement without any decode stays one.
        Assert.Equal(
            whole
                .Skip(measured)
                .Select(row =>
                    row.Status == RowStatus.Ok
                        ? (RowStatus.Failed, "died")
                        : (row.Status, row.Reason)
                ),
            rows.Skip(measured).Select(row => (row.Status, row.Reason))
        );
        Assert.Equal(whole.Select(row => row.InputIds), rows.Select(row => row.InputIds));
        var record = messages[^1].Done!;
        Assert.Equal((1000, 77), (record.DecodeMs, record.PeakRssBytes));
        Assert.EndsWith("rows failed: died", record.Reason);
    }

    [Fact]
    public void Rows_of_a_look_that_were_lost_are_named_by_layer()
    {
        var job = JobIn(_folder);

        Work(
            job with
            {
                Request = job.Request with { Look = new LensProbe() },
                Record = job.Record with { Facts = job.Record.Facts with { Layers = 2 } },
                Lost = new LostWorker("died", 1000, 77),
            },
            Engine(onLoad: () => Assert.Fail("the model is loaded"))
        );

        var rows = JournalReader.ReadRows(_folder.At("worker.jsonl")).Cast<LensRow>().ToList();
        Assert.All(
            rows.Where(row => row.InputIds is not null).Chunk(3),
            layers => Assert.Equal([-1, 0, 1], layers.Select(row => row.Layer))
        );
        Assert.Contains(rows, row => row.InputIds is not null);
        Assert.All(
            rows.Where(row => row.InputIds is not null),
            row => Assert.Equal((RowStatus.Failed, "died"), (row.Status, row.Reason))
        );
        Assert.Equal(
            rows.Select(row => row.Place).Order().Distinct(),
            rows.Select(row => row.Place)
        );
    }

    [Fact]
    public void What_goes_wrong_is_said_by_its_kind_and_thrown_in_the_parent()
    {
        (Exception Here, Type There)[] all =
        [
            (new EngineException("no such weights"), typeof(EngineException)),
            (new IOException("full"), typeof(IOException)),
            (new RunException("changed"), typeof(RunException)),
            (new RunDiffersException("other"), typeof(RunDiffersException)),
            (new NativeLibraryException("no library"), typeof(NativeLibraryException)),
        ];
        foreach (var (here, there) in all)
        {
            var thrown = ErrorOf(here).ToException();
            Assert.Equal((there, here.Message), (thrown.GetType(), thrown.Message));
        }
        Assert.True(
            Assert
                .IsType<EngineException>(
                    ErrorOf(new EngineException("m") { IsDeviceOutOfMemory = true }).ToException()
                )
                .IsDeviceOutOfMemory
        );
        Assert.True(ErrorOf(new InsufficientMemoryException("m")).IsMemory);
        var bug = ErrorOf(new InvalidOperationException("oops"));
        Assert.IsType<InvalidOperationException>(bug.ToException());
        Assert.Contains("InvalidOperationException: oops", bug.Message);
    }

    [Fact]
    public void A_worker_told_to_stop_ends_after_the_row()
    {
        using var input = new Input();
        var engine = Engine(batch =>
        {
            if (batch == 1)
            {
                input.Say("stop");
                // The reading thread has to have heard it.
                Assert.True(input.WasDrained.Wait(TimeSpan.FromSeconds(10)));
                Thread.Sleep(50);
            }
        });

        var (messages, isFine) = Work(JobIn(_folder), engine, input, () => { });

        Assert.True(isFine);
        Assert.True(messages[^1].Stopped);
        // The rows of the first batch, and one of the second.
        Assert.Equal(3, RowsOf("worker.jsonl").Length);
    }

    [Fact]
    public void A_worker_whose_parent_is_gone_ends_at_once()
    {
        using var abandoned = new ManualResetEventSlim();
        using var input = new Input();
        var engine = Engine(_ =>
        {
            input.End();
            Assert.True(abandoned.Wait(TimeSpan.FromSeconds(10)));
        });

        Work(JobIn(_folder), engine, input, abandoned.Set);

        Assert.True(abandoned.IsSet);
    }

    [Fact]
    public void A_file_that_was_changed_since_the_run_began_is_not_measured_on()
    {
        var path = _folder.Write("model.gguf", [1]);
        var job = JobIn(_folder) with { Stamps = [FileStamp.Of(path)!] };
        var engine = Engine(_ => File.WriteAllBytes(path, [1, 2]));

        var (messages, isFine) = Work(job, engine);

        Assert.False(isFine);
        Assert.IsType<RunException>(messages[^1].Error!.ToException());
        Assert.StartsWith($"{path}: was replaced or changed", messages[^1].Error!.Message);
        Assert.False(JournalReader.IsComplete(job.Journal));
        Assert.Equal(8, RowsOf("worker.jsonl").Length);
    }

    [Fact]
    public void A_job_survives_its_file()
    {
        var job = JobIn(_folder) with
        {
            Request = new ProbeRequest
            {
                ItemSets =
                [
                    PublishedWords.Set,
                    new SampleSet(500, 7),
                    new AllSet(9),
                    new CommonSet(2, [" ünï"u8.ToArray(), [0xff, 0xfe]]),
                    new WordSet("odd", [new Item([0xc3], "half a character"), new Item("a\nb")]),
                ],
                PromptSets = [new PromptSet("p", [new Prompt("1", "t", null)], true)],
                Arms = Arm.All,
                ContinueTokens = 3,
                Neutral = new NeutralPrefixes(5, 6),
                Sample = new RowSample(7, 8, 9),
            },
            Load = new LoadOptions
            {
                Sequences = 17,
                GpuLayers = -1,
                IsExact = true,
                Devices = ["Vulkan0", "Vulkan1"],
                TensorSplit = [0.25f, 0.75f],
                MetadataOverrides = new Dictionary<string, bool> { ["k"] = true },
                Log = Console.WriteLine,
            },
            Selection = new RowSelection(10, 2, 3),
            Reference = new ReferencePlan("/r", "0123456789ab", 5, ReferenceUse.Continue),
            Stamps = [new FileStamp("/m", 5, 6)],
            Lost = new LostWorker("f", 1.5, null),
        };
        job.Write();

        var back = MeasureJob.Read(job.Path);

        var text = File.ReadAllText(job.Path);
        back.Write();
        Assert.Equal(text, File.ReadAllText(job.Path));
        Assert.Equal(Arm.All, back.Request.Arms);
        Assert.Null(back.Load.Log);
        Assert.Equal(job.Load.TensorSplit, back.Load.TensorSplit);
        Assert.Equal([0xff, 0xfe], Assert.IsType<CommonSet>(back.Request.ItemSets[3]).Words[1]);
        var odd = Assert.IsType<WordSet>(back.Request.ItemSets[4]);
        Assert.Equal("half a character", odd.Items[0].Category);
        Assert.Equal(
            (job.Target, job.Selection, job.Reference, job.Lost, job.Record.Facts),
            (back.Target, back.Selection, back.Reference, back.Lost, back.Record.Facts)
        );
    }

    private string[] RowsOf(string journal) => ScriptedRun.RowLines(_folder.At(journal));

    private WorkerError ErrorOf(Exception e)
    {
        var (messages, isFine) = Work(JobIn(_folder), Engine(onLoad: () => throw e));
        Assert.False(isFine);
        return messages[^1].Error!;
    }

    private static (List<WorkerMessage> Messages, bool IsFine) Work(
        MeasureJob job,
        ScriptedEngine engine,
        TextReader? input = null,
        Action? abandoned = null
    )
    {
        using var said = new StringWriter();
        // What native code prints without an end does not swallow a message.
        said.Write("loading... ");
        var host = new WorkerHost(input, said, _ => { }, abandoned ?? (() => { }));
        var isFine = host.Run(
            () => job,
            target =>
            {
                Assert.Equal(Target, target);
                return engine;
            }
        );
        var messages = said.ToString().Split('\n').Select(WorkerMessage.Read);
        return ([.. messages.OfType<WorkerMessage>()], isFine);
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
    }

    private static ScriptedEngine Engine(Action<int>? beforeDecode = null, Action? onLoad = null)
    {
        return new ScriptedEngine(
            (_, _) =>
            {
                onLoad?.Invoke();
                return Model();
            }
        )
        {
            Vocabulary = Model,
        };

        ScriptedModel Model() =>
            new(Pieces, tokens => Flat(tokens[^1]), sequences: 2) { BeforeDecode = beforeDecode };

        static float[] Flat(int token) =>
            [.. Enumerable.Range(0, Pieces.Length).Select(id => id == token ? 1f : 0.1f * id)];
    }
}
