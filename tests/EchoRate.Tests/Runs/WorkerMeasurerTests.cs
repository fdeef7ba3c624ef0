using EchoRate.Runs.Executing;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Workers;
using EchoRate.Tests.Reports;

namespace EchoRate.Tests.Runs;

/// <summary>What becomes of a file whose worker does not come to its end. The workers are shell scripts.</summary>
public sealed class WorkerMeasurerTests : IDisposable
{
    private const string Loads = """echo '{"loaded":0}'""";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];
    private readonly List<FileProgress> _progress = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_worker_that_comes_to_its_end_is_believed()
    {
        Workers(
            "printf 'native words'; echo; "
                + Loads
                + """; echo '{"alive":{"rows":3,"decodes":1,"processor_ms":1,"peak_rss_bytes":5,"all_rows":9}}'; """
                + Done("d")
        );

        var record = Measure();

        Assert.Equal(("d", RowStatus.Ok), (record.Device, record.Status));
        Assert.Equal([new(3, 9)], _progress);
        Assert.Equal(["native words"], _log);
        Assert.DoesNotContain("worker.job.json", _folder.Names);
    }

    [Fact]
    public void What_a_dead_worker_owes_is_named_by_another()
    {
        Workers(
            Loads
                + """; echo '{"alive":{"rows":1,"decodes":1,"processor_ms":1,"peak_rss_bytes":777}}'; echo loading >&2; printf 'a\tfault\033[31m\n' >&2; sleep 1; kill -SEGV $$""",
            Done("named")
        );

        Assert.Equal("named", Measure().Device);

        var lost = JobOf(2).Lost!;
        Assert.Equal(
            "the worker process died: SIGSEGV (memory that is not its own); llama.cpp's last words: loading | a fault [31m",
            lost.Failure
        );
        Assert.Equal(777, lost.PeakRssBytes);
        Assert.InRange(lost.DecodeMs, 100, 20_000);
        Assert.Equal(WorkerHostTests.Target, JobOf(2).Target);
    }

    /// <summary>What ggml says on a card that its library has no code for, and talks on behind it.</summary>
    private const string NoCode =
        "echo 'CUDA error: no kernel image is available for execution on the device' >&2; echo '  current device: 0, in function ggml_cuda_op at /b/ggml-cuda.cu:3' >&2; echo '  cudaFuncGetAttributes(&attr, f)' >&2; for i in $(seq 50); do echo \"teardown $i\" >&2; done; echo '/b/ggml-cuda.cu:98: CUDA error' >&2; kill -ABRT $$";

    [Fact]
    public void A_library_without_code_for_the_card_is_named_and_the_second_file_does_not_go_the_same_way()
    {
        Workers(Loads + "; " + NoCode, Done("named"), Loads + "; kill -SEGV $$");
        // The same measurer sees both files.
        var measurer = Measurer();

        Assert.Equal("named", Measure(measurer).Device);
        var second = Assert.Throws<EngineException>(() => Measure(measurer));

        var died =
            "the worker process died: SIGABRT (it gave up by itself, as when an assertion fails); llama.cpp's last words: CUDA error: no kernel image is available for execution on the device";
        Assert.Equal(died, JobOf(2).Lost!.Failure);
        Assert.StartsWith("not tried on ", second.Message);
        Assert.Contains(
            $"had died before its first row: {died}; `echorate doctor`",
            second.Message
        );
        Assert.DoesNotContain("job3", _folder.Names);
    }

    [Fact]
    public void An_error_of_one_file_is_no_reason_not_to_try_the_next()
    {
        const string illegal =
            "echo 'CUDA error: an illegal memory access was encountered' >&2; kill -ABRT $$";
        Workers(Loads + "; " + illegal, Done("named"), Loads + "; " + Done("second"));
        var measurer = Measurer();

        Measure(measurer);

        Assert.EndsWith(
            "last words: CUDA error: an illegal memory access was encountered",
            JobOf(2).Lost!.Failure
        );
        Assert.Equal("second", Measure(measurer).Device);
    }

    [Fact]
    public void Where_nobody_can_name_the_rows_one_for_each_probe_and_arm_says_so()
    {
        Workers(Loads + "; kill -ABRT $$", "kill -KILL $$");

        var record = Measure();

        Assert.Equal(RowStatus.Failed, record.Status);
        var rows = JournalReader.ReadRows(_folder.At("worker.jsonl")).ToList();
        // Without and with BOS.
        Assert.Equal(2, rows.Count);
        Assert.All(
            rows,
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
        // The job can be done again by hand.
        Assert.NotNull(MeasureJob.Read(_folder.At("worker.job.json")));
    }

    [Fact]
    public void A_worker_that_dies_while_loading_is_a_file_that_cannot_be_loaded()
    {
        Workers(
            "echo '/home/builder/ggml/src/ops.cpp:7: GGML_ASSERT(a/b == c) failed' >&2; kill -BUS $$"
        );

        var e = Assert.Throws<EngineException>(Measure);

        Assert.Equal(
            "the worker process died: SIGBUS (a file in use was cut short or changed, or its disk failed); llama.cpp's last words: ops.cpp:7: GGML_ASSERT(a/b == c) failed",
            e.Message
        );
        Assert.False(File.Exists(_folder.At("worker.jsonl")));
    }

    [Fact]
    public void Out_of_memory_costs_the_file_and_not_the_run()
    {
        Workers(
            Loads + "; " + Error("OutOfMemoryException", "Array dimensions\\nexceeded"),
            Done("named")
        );

        Measure();

        Assert.Equal(
            "memory ran out in the worker process: Array dimensions exceeded",
            JobOf(2).Lost!.Failure
        );
    }

    [Fact]
    public void Asked_to_stop_a_worker_finishes_its_row_and_one_that_loads_is_ended()
    {
        using var stop = new CancellationTokenSource();
        Workers(
            Loads
                + """; echo '{"alive":{"rows":1,"decodes":1,"processor_ms":1,"peak_rss_bytes":5}}'; read word; echo "heard $word"; echo '{"stopped":true}'""",
            "exec sleep 60"
        );

        Assert.Throws<OperationCanceledException>(() => Measure(_ => stop.Cancel(), stop.Token));
        Assert.Equal(["heard stop"], _log);
        Assert.Throws<OperationCanceledException>(() => Measure(_ => { }, stop.Token));
    }

    [Theory]
    [InlineData("""echo '{"error":{"kind":"IsDeviceOutOfMemory","message":"no memory"}}'""", true)]
    [InlineData(Loads + "; echo 'CUDA error: out of memory' >&2; kill -ABRT $$", true)]
    [InlineData("echo 'unable to allocate Vulkan0 buffer' >&2; kill -ABRT $$", true)]
    [InlineData("echo 'an assertion' >&2; kill -ABRT $$", false)]
    public void A_GPU_without_memory_is_told_as_such_whether_the_worker_says_it_or_dies_of_it(
        string script,
        bool isOutOfMemory
    )
    {
        Workers(script);

        Assert.Equal(isOutOfMemory, Assert.Throws<EngineException>(Measure).IsDeviceOutOfMemory);
    }

    private static string Error(string kind, string message) =>
        $$$"""printf '%s\n' '{"error":{"kind":"{{{kind}}}","message":"{{{message}}}"}}'""";

    private static string Done(string device)
    {
        var done = new WorkerMessage { Done = SampleRun.File with { Device = device } };
        return $"cat <<'END'\n{done.ToText()}END\n";
    }

    // One script for each worker in turn; each leaves a copy of its job.
    private void Workers(params string[] scripts)
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows(),
            "the workers of these tests are shell scripts"
        );
        for (var number = 1; number <= scripts.Length; number++)
        {
            _folder.Write($"{number}.sh", scripts[number - 1]);
        }
        _folder.Write(
            "worker.sh",
            $"""
            cd {_folder.Path}
            n=1; while [ -e job$n ]; do n=$((n+1)); done
            cp "$1" job$n
            . ./$n.sh
            """
        );
    }

    private MeasureJob JobOf(int worker) => MeasureJob.Read(_folder.At($"job{worker}"));

    private FileRecord Measure() => Measure(Measurer());

    private FileRecord Measure(WorkerMeasurer measurer) =>
        Measure(_progress.Add, TestContext.Current.CancellationToken, measurer);

    private WorkerMeasurer Measurer() =>
        new(
            ["/bin/sh", _folder.At("worker.sh")],
            new EngineFacts
            {
                Name = "scripted",
                Version = "1.0",
                LibraryFolder = "",
                Devices = [],
            },
            null
        );

    private FileRecord Measure(
        Action<FileProgress> progress,
        CancellationToken cancellation,
        WorkerMeasurer? measurer = null
    ) =>
        (measurer ?? Measurer()).Measure(
            WorkerHostTests.JobIn(_folder),
            line =>
            {
                lock (_log)
                {
                    _log.Add(line);
                }
            },
            progress,
            cancellation
        );
}
