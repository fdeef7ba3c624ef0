using EchoRate.Machine.Backends;

namespace EchoRate.Tests.Machine.Backends;

/// <summary>Trying a GPU library in a process of its own: the answer, and every way in which there is none.</summary>
public sealed class TrialRunnerTests : IDisposable
{
    private static readonly Trial _loaded = new()
    {
        Facts = new EngineFacts
        {
            Name = "llamasharp",
            Version = "0.30.0",
            LibraryFolder = "/libraries",
            Plugin = new PluginFacts("/p.so", "00"),
            Devices =
            [
                FakeTrials.Device("Vulkan0", "vulkan", DeviceKind.IntegratedGpu, "llvmpipe"),
            ],
        },
    };

    private static readonly Trial _tried = _loaded with
    {
        Tried = [new TriedDevice("Vulkan0", "vulkan", 0.02, null)],
    };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_process_answers_is_believed_whatever_else_is_printed()
    {
        var trial = await Try(
            $"echo 'ggml: found 1 device'; echo '{Line(_loaded)}'; echo '{Line(_tried)}'; echo 'bye'; echo 'warning' >&2"
        );

        Assert.Null(trial.Failure);
        Assert.Null(trial.Problem("vulkan"));
        Assert.Equal("it shows no device", trial.Problem("cuda"));
        Assert.Equal(_tried.Tried, trial.Of("vulkan"));
        Assert.Equal(("llamasharp", "0.30.0"), (trial.Facts!.Name, trial.Facts.Version));
        Assert.Equal(_loaded.Facts!.Devices, trial.Facts.Devices);
        Assert.Equal(_loaded.Facts.Plugin, trial.Facts.Plugin);
        Assert.Contains("\"kind\":\"integrated_gpu\"", Line(_tried));
    }

    [Fact]
    public async Task The_question_names_the_library_and_is_asked_once()
    {
        var trials = Runner($"echo \"$@\" >> '{_folder.At("asked")}'; echo '{Line(_tried)}'");

        await trials.TryAsync("/a library.so", Cancellation);
        await trials.TryAsync("/a library.so", Cancellation);
        await trials.TryAsync(null, Cancellation);

        Assert.Equal(["--plugin /a library.so", ""], File.ReadAllLines(_folder.At("asked")));
    }

    [Theory]
    [InlineData(
        "echo 'fetching' >&2; echo 'echorate: /l/x.so does not open: missing: libcudart.so.13' >&2; exit 4",
        "/l/x.so does not open: missing: libcudart.so.13"
    )]
    // What ggml says when a card is not among those that the library has code for.
    [InlineData(
        "echo 'load_tensors: offloaded 3/3 layers' >&2; echo 'CUDA error: no kernel image is available for execution on the device' >&2; echo '  current device: 0, in function ggml_cuda_op at ggml-cuda.cu:3' >&2; echo '  cudaGetLastError()' >&2; echo 'ggml-cuda.cu:98: CUDA error' >&2; kill -6 $$",
        "its library has no code for this card (CUDA error: no kernel image is available for execution on the device)"
    )]
    [InlineData(
        "echo 'CUDA error: the provided PTX was compiled with an unsupported toolchain.' >&2; echo 'ggml-cuda.cu:98: CUDA error' >&2; kill -6 $$",
        "a process that was to compute a small model was ended by signal 6: CUDA error: the provided PTX was compiled with an unsupported toolchain."
    )]
    [InlineData(
        "echo 'ggml.c:7: GGML_ASSERT(x) failed' >&2; kill -6 $$",
        "a process that was to compute a small model was ended by signal 6: ggml.c:7: GGML_ASSERT(x) failed"
    )]
    [InlineData("exit 3", "a process that was to compute a small model ended with exit code 3")]
    [InlineData(
        "echo '{ cut'; exit 0",
        "a process that was to compute a small model ended with exit code 0"
    )]
    public async Task What_went_wrong_is_said_in_one_line(string script, string failure)
    {
        var trial = await Try(script);
        Assert.Equal(failure, trial.Failure);
        Assert.Equal(failure, trial.Problem("cuda"));
        Assert.Null(trial.Facts);
    }

    [Fact]
    public async Task Who_dies_while_computing_has_said_which_devices_there_are()
    {
        var trial = await Try(
            $"echo '{Line(_loaded)}'; echo 'ErrorDeviceLost' >&2; touch \"$TMPDIR/model.gguf\"; echo \"$TMPDIR\" > '{_folder.At("folder")}'; kill -11 $$"
        );
        Assert.Equal(
            "a process that was to compute a small model was ended by signal 11: ErrorDeviceLost",
            trial.Failure
        );
        Assert.Equal(_loaded.Facts!.Devices, trial.Facts!.Devices);
        // What it wrote does not stay.
        Assert.False(Directory.Exists(File.ReadAllText(_folder.At("folder")).Trim()));
    }

    [Fact]
    public async Task A_process_that_hangs_is_ended()
    {
        var trials = Runner(
            $"echo $$ > '{_folder.At("pid")}'; exec sleep 60",
            TimeSpan.FromSeconds(1)
        );

        Assert.Equal(
            "a process that was to compute a small model did not end within 1 s; does a driver hang?",
            (await trials.TryAsync("/l", Cancellation)).Failure
        );
        Assert.False(Directory.Exists("/proc/" + File.ReadAllText(_folder.At("pid")).Trim()));
    }

    [Fact]
    public async Task Nobody_waits_for_it_who_is_asked_to_stop()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Runner("exec sleep 60").TryAsync(null, source.Token)
        );
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var trials = new TrialRunner([_folder.At("nothing")], _ => { });
        Assert.StartsWith(
            $"{_folder.At("nothing")} cannot be started: ",
            (await trials.TryAsync(null, Cancellation)).Failure
        );
    }

    private static string Line(Trial answer) =>
        JsonSerializer.Serialize(answer, BackendJson.Default.Trial);

    private static Task<Trial> Try(string script) => Runner(script).TryAsync("/l", Cancellation);

    private static TrialRunner Runner(string script, TimeSpan? patience = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the answers are written for its shell");
        return new TrialRunner(["sh", "-c", script, "sh"], _ => { }, patience);
    }
}
