using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Workers;
using EchoRate.Tests.Core;

namespace EchoRate.Tests.Runs;

/// <summary>What becomes of a file whose worker does not come to its end.</summary>
public sealed class WorkerMeasurerTests
{
    private const string OkRow =
        """{"echo":{"arm":"without","nested":{"status":"x"},"status":"Ok","flags":[]}}""";
    private const string LostRow =
        """{"echo":{"arm":"without","status":"Failed","reason":"lost \u0041"}}""";

    private readonly ManualClock _clock = new();
    private readonly List<FakeWorker> _workers = [];
    private readonly List<WorkerJob> _jobs = [];
    private readonly Heard _heard = new();
    private TimeSpan? _timeout;

    internal static RunTarget Target { get; } =
        new()
        {
            Engine = "scripted",
            Backend = "vulkan",
            Plugin = "/libraries",
            Device = "Vulkan1",
            DeviceLabel = "vulkan1",
        };

    internal static MeasureJob Job { get; } =
        new()
        {
            Facts = ScriptedModel.Facts(),
            Request = new ProbeRequest { ItemSets = [PublishedWords.Set] },
            Load = new LoadOptions(),
            Selection = RowSelection.Whole,
        };

    [Fact]
    public void A_worker_that_comes_to_its_end_is_believed()
    {
        Worker(exitCode: 0).Loads().Says(OkRow).Says(LostRow).Says(Done(1234));

        var end = Measure();

        Assert.Equal(new MeasureEnd(1234, 5, null), end);
        Assert.Equal("CPU", Assert.Single(_heard.Files).Report.Device);
        Assert.Equal([OkRow, LostRow], _heard.Lines);
        Assert.Equal([(RowStatus.Ok, null), (RowStatus.Failed, "lost A")], _heard.Statuses);
        Assert.All(_workers, worker => Assert.True(worker.IsGone));
    }

    [Fact]
    public void What_a_dead_worker_owes_is_named_by_another()
    {
        var dead = Worker(exitCode: 139).Loads().Says(OkRow).Says(Alive(777));
        dead.LastWords.AddRange(["loading", "a\tfault\u001b[31m"]);
        Worker(exitCode: 0).Says(LostRow).Says(Done(0));
        _clock.Advance(TimeSpan.FromSeconds(3));

        var end = Measure();

        Assert.Equal([OkRow, LostRow], _heard.Lines);
        Assert.Equal(777, end.PeakRssBytes);
        Assert.Equal(1, _jobs[1].Given);
        // Whoever names the rows loads what the dead one had loaded.
        Assert.All(_jobs, job => Assert.Equal(Target, job.Target));
        Assert.Equal(
            "the worker process died: SIGSEGV (memory that is not its own); llama.cpp's last words: loading | a fault [31m",
            _jobs[1].Failure
        );
    }

    [Fact]
    public void Where_nobody_can_name_the_rows_one_for_each_probe_and_arm_says_so()
    {
        Worker(exitCode: 134).Loads().Says(OkRow);
        Worker(exitCode: 137);

        Measure();

        // Echo and completion, without and with BOS.
        Assert.Equal(5, _heard.Lines.Count);
        Assert.All(
            _heard.Statuses.Skip(1),
            row =>
            {
                Assert.Equal(RowStatus.Failed, row.Status);
                Assert.StartsWith("the worker process died: SIGABRT", row.Reason);
                Assert.EndsWith(
                    "the rows that are left could not be named: the worker process died: SIGKILL (ended from outside, as when memory runs out)",
                    row.Reason
                );
            }
        );
    }

    [Fact]
    public void A_worker_that_dies_while_loading_is_a_file_that_cannot_be_loaded()
    {
        Worker(exitCode: 135)
            .LastWords.Add("/home/builder/ggml/src/ops.cpp:7: GGML_ASSERT(a/b == c) failed");

        var e = Assert.Throws<EngineException>(() => Measure());

        Assert.Equal(
            "the worker process died: SIGBUS (a file in use was cut short or changed, or its disk failed); llama.cpp's last words: ops.cpp:7: GGML_ASSERT(a/b == c) failed",
            e.Message
        );
        Assert.Empty(_heard.Lines);
        Assert.Single(_jobs);
    }

    [Fact]
    public void A_worker_that_hangs_is_ended_and_its_rows_named()
    {
        var hung = Worker(hangs: true).Loads().Says(OkRow);
        Worker(exitCode: 0).Says(LostRow).Says(Done(0));

        Measure();

        Assert.True(hung.WasKilled);
        Assert.StartsWith(
            "the worker process was ended: no sign of life for 60 s",
            _jobs[1].Failure
        );
    }

    [Fact]
    public void A_worker_that_takes_too_long_is_ended()
    {
        _timeout = TimeSpan.FromSeconds(2);
        var slow = Worker(hangs: true).Loads().Says(OkRow);
        Worker(exitCode: 0).Says(LostRow).Says(Done(0));

        var end = Measure();

        Assert.True(slow.WasKilled);
        Assert.Equal(
            "the worker process was ended: not done within 2 s (--timeout)",
            _jobs[1].Failure
        );
        Assert.InRange(end.DecodeMs, 1900, 2100);
    }

    [Fact]
    public void Out_of_memory_costs_the_file_and_not_the_run()
    {
        Worker(exitCode: 6)
            .Loads()
            .Says(Error(WorkerErrorKind.Memory, "Array dimensions\nexceeded"));
        Worker(exitCode: 0).Says(LostRow).Says(Done(0));

        Measure();

        Assert.Equal(
            "memory ran out in the worker process: Array dimensions exceeded",
            _jobs[1].Failure
        );
    }

    [Fact]
    public void What_the_worker_reports_is_thrown_as_if_it_had_happened_here()
    {
        Worker().Says(Error(WorkerErrorKind.Engine, "e"));
        Worker().Loads().Says(Error(WorkerErrorKind.File, "f"));
        Worker().Says(Error(WorkerErrorKind.Library, "l"));
        Worker().Says(Error(WorkerErrorKind.Bug, "b"));

        Assert.Equal("e", Assert.Throws<EngineException>(() => Measure()).Message);
        Assert.Equal("f", Assert.Throws<IOException>(() => Measure()).Message);
        Assert.Equal("l", Assert.Throws<NotSupportedException>(() => Measure()).Message);
        Assert.Equal(
            "in the worker process: b",
            Assert.Throws<InvalidOperationException>(() => Measure()).Message
        );
        Assert.All(_workers, worker => Assert.True(worker.IsGone));
    }

    [Fact]
    public void Asked_to_stop_a_worker_finishes_its_row()
    {
        using var source = new CancellationTokenSource();
        var worker = Worker(hangs: true).Loads().Says(OkRow, source.Cancel);

        Assert.Throws<OperationCanceledException>(() => MeasureUntil(source.Token));

        Assert.True(worker.WasStopped);
        Assert.False(worker.WasKilled);
        Assert.Single(_heard.Lines);
    }

    [Fact]
    public void Asked_to_stop_while_it_loads_a_worker_is_ended()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var worker = Worker(hangs: true);

        Assert.Throws<OperationCanceledException>(() => MeasureUntil(source.Token));

        Assert.True(worker.WasKilled);
    }

    [Fact]
    public void A_worker_that_was_done_when_it_was_asked_to_stop_is_done()
    {
        using var source = new CancellationTokenSource();
        Worker(exitCode: 0).Loads().Says(OkRow, source.Cancel).Says(Done(9));

        Assert.Equal(9, MeasureUntil(source.Token).DecodeMs);
    }

    [Fact]
    public void A_GPU_without_memory_is_told_as_such_whether_the_worker_says_it_or_dies_of_it()
    {
        Worker().Says(Error(WorkerErrorKind.DeviceMemory, "no memory"));
        Worker(exitCode: 134).Loads().LastWords.Add("CUDA error: out of memory");
        Worker(exitCode: 134).LastWords.Add("unable to allocate Vulkan0 buffer");
        Worker(exitCode: 134).LastWords.Add("an assertion");

        Assert.True(Assert.Throws<EngineException>(Measure).IsDeviceOutOfMemory);
        Assert.True(Assert.Throws<EngineException>(Measure).IsDeviceOutOfMemory);
        Assert.True(Assert.Throws<EngineException>(Measure).IsDeviceOutOfMemory);
        Assert.False(Assert.Throws<EngineException>(Measure).IsDeviceOutOfMemory);
    }

    private static WorkerMessage Done(double ms) => new() { Done = new MeasureEnd(ms, 5, null) };

    private static WorkerMessage Alive(long peak) => new() { Alive = new SignOfLife(1, 10, peak) };

    private static WorkerMessage Error(WorkerErrorKind kind, string message) =>
        new() { Error = new WorkerError(kind, message) };

    private FakeWorker Worker(bool hangs = false, int exitCode = 134)
    {
        _workers.Add(new FakeWorker(_clock, hangs, exitCode));
        return _workers[^1];
    }

    private MeasureEnd Measure() => MeasureUntil(TestContext.Current.CancellationToken);

    private MeasureEnd MeasureUntil(CancellationToken cancellation) =>
        new WorkerMeasurer(
            (job, _) =>
            {
                _jobs.Add(job);
                return _workers[_jobs.Count - 1];
            },
            Target,
            new EngineFacts
            {
                Name = Target.Engine,
                Version = "1.0",
                Report = new EngineReport { LibraryFolder = "", Devices = [] },
            },
            _timeout,
            _clock,
            message => new NotSupportedException(message)
        ).Measure(Job, _heard, cancellation);
}
