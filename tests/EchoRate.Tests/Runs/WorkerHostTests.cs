using EchoRate.Core.Scoring;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;
using EchoRate.Runs.Workers;
using EchoRate.Tests.Core;
using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Runs;

/// <summary>The worker's side, without a process: the rows that were lost, and what goes wrong.</summary>
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
    public void A_file_that_was_changed_since_the_run_began_is_not_measured_on()
    {
        var path = _folder.Write("model.gguf", [1]);
        var job = JobIn(_folder) with { Stamps = [FileStamp.Of(path)!] };
        var engine = Engine(_ => File.WriteAllBytes(path, [1, 2]));

        var (messages, isFine) = Work(job, engine);

        Assert.False(isFine);
        Assert.IsType<RunException>(messages[^1].Error!.ToException());
        Assert.StartsWith($"{path}: was replaced or changed", messages[^1].Error!.Message);
        Assert.Null(JournalReader.LastRecord(job.Journal));
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
                WithoutSpacePrefix = true,
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
        ScriptedEngine engine
    )
    {
        using var said = new StringWriter();
        // What native code prints without an end does not swallow a message.
        said.Write("loading... ");
        var host = new WorkerHost(null, said, _ => { }, () => { });
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
