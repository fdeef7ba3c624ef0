using EchoRate.Core.Engine;
using EchoRate.Machine.Probing;
using EchoRate.Tests.Gguf;

namespace EchoRate.Tests.Machine;

/// <summary>Asking a process for an engine's devices: its answer, and every way in which it gives none.</summary>
public sealed class EngineProbeTests : IDisposable
{
    private static readonly EngineAnswer Answer = new()
    {
        Engine = "llama",
        Version = "0.4.0",
        LibraryFolder = "/libraries",
        Devices =
        [
            new DeviceFacts
            {
                Name = "Vulkan0",
                Description = "llvmpipe (LLVM 15)",
                Backend = "vulkan",
                Kind = DeviceKind.IntegratedGpu,
                FreeBytes = 1,
                TotalBytes = 2,
            },
        ],
    };

    private readonly TestFolder _folder = new();

    [Fact]
    public async Task What_the_process_answers_is_believed_whatever_else_is_printed()
    {
        var facts = await Ask(
            $"echo 'ggml: found 1 device'; echo '{Answer.ToLine()}'; echo 'bye'; echo 'warning' >&2"
        );

        Assert.Equal(("llama", "0.4.0"), (facts.Name, facts.Version));
        Assert.Equal("/libraries", facts.Report.LibraryFolder);
        Assert.Equal(Answer.Devices, facts.Report.Devices);
        Assert.Equal("Vulkan0 (llvmpipe)", facts.Report.Devices[0].DisplayName);
        Assert.Contains("\"kind\":\"integrated_gpu\"", Answer.ToLine());
    }

    [Fact]
    public async Task The_question_names_engine_and_folder()
    {
        var facts = await Ask(
            $"echo '{Answer.ToLine()}' | sed \"s|0.4.0|$*|\"",
            libraries: "/a folder"
        );

        Assert.Equal("--engine llama --libraries /a folder", facts.Version);
    }

    [Theory]
    [InlineData(
        "echo 'fetching' >&2; echo 'echorate: cannot load /l/x.so: libcudart.so.13: cannot open' >&2; exit 4",
        "cannot load /l/x.so: libcudart.so.13: cannot open"
    )]
    [InlineData(
        "echo 'ggml.c:7: GGML_ASSERT(x) failed' >&2; kill -6 $$",
        "/l: the process that was to load this was ended by signal 6; its last words: ggml.c:7: GGML_ASSERT(x) failed"
    )]
    [InlineData("exit 3", "/l: the process that was to load this ended with exit code 3")]
    public async Task What_went_wrong_is_said_in_its_own_words(string script, string message)
    {
        var e = await Assert.ThrowsAsync<NativeLibraryException>(() => Ask(script, "/l"));

        Assert.Equal(message, e.Message);
    }

    [Fact]
    public async Task A_process_that_hangs_is_ended()
    {
        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            Ask($"echo $$ > '{_folder["pid"]}'; exec sleep 60", "/l", TimeSpan.FromSeconds(1))
        );

        Assert.Equal(
            "/l: a process was to load this and say which devices there are, and did not answer within 1 s; does a driver hang?",
            e.Message
        );
        Assert.False(Directory.Exists("/proc/" + File.ReadAllText(_folder["pid"]).Trim()));
    }

    [Fact]
    public async Task Nobody_waits_for_it_who_is_asked_to_stop()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Ask("exec sleep 60", "/l", TimeSpan.FromSeconds(30), source.Token)
        );
    }

    [Fact]
    public async Task A_program_that_is_not_there_or_answers_nothing_is_named()
    {
        var missing = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            new EngineProbe([_folder["nothing"]]).AskAsync(
                "llama",
                null,
                TestContext.Current.CancellationToken
            )
        );
        var silent = await Assert.ThrowsAsync<InvalidOperationException>(() => Ask("echo hello"));

        Assert.StartsWith(_folder["nothing"], missing.Message);
        Assert.Contains("answered no line", silent.Message);
    }

    private static Task<EngineFacts> Ask(
        string script,
        string? libraries = null,
        TimeSpan? patience = null,
        CancellationToken? cancellation = null
    )
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the answers are written for its shell");
        return new EngineProbe(["sh", "-c", script, "sh"], patience).AskAsync(
            "llama",
            libraries,
            cancellation ?? TestContext.Current.CancellationToken
        );
    }

    public void Dispose() => _folder.Dispose();
}
