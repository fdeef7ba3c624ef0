using System.Text.RegularExpressions;
using EchoRate.Cli.Tests.Gpus;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;

namespace EchoRate.Cli.Tests.Backends;

/// <summary><c>run --backend</c>.</summary>
public sealed class BackendOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BackendOptionTests() => Miniatures.Gemma3.Write(_folder.At("mini-gemma3-F16.gguf"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Auto_takes_an_installed_backend_that_works_and_cpu_does_not()
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);

        Assert.Equal(("Vulkan0 (llvmpipe)", "vulkan"), Device(Run(environment, "auto"), "auto"));
        var cpu = Run(environment, "cpu", "--backend", "cpu");
        Assert.Equal(("CPU", "cpu"), Device(cpu, "cpu"));
        Assert.DoesNotContain("Warning", cpu.Error);
        Assert.Equal(
            ("Vulkan0 (llvmpipe)", "vulkan"),
            Device(Run(environment, "vulkan", "--backend", "vulkan"), "vulkan")
        );
    }

    [Fact]
    public async Task A_run_that_is_gone_on_with_stays_on_its_backend()
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        Run(environment, "run", "--backend", "cpu");
        CutOff();
        var info = _folder.At("run", "run.json");
        var text = File.ReadAllText(info)
            .Replace("\"--backend\",", "")
            .Replace("\"cpu\",\n    \"--threads\"", "\"--threads\"");
        Assert.DoesNotContain("--backend", text);
        File.WriteAllText(info, text);

        var resumed = Echorate.Run(_folder.Path, environment, "run --resume --out run");
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(("CPU", "cpu"), Device(resumed, "run"));
    }

    [Fact]
    public async Task A_run_whose_backend_was_removed_is_not_gone_on_with_on_another()
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        var whole = Run(environment, "run");
        Assert.True(whole.ExitCode == 0, whole.Error);
        Assert.Matches(
            @"^llamasharp 0\.\S+ \(ggml 0\.18\.0, .*, libggml-vulkan\.so sha256:[0-9a-f]{12}\) on vulkan: Vulkan0",
            whole.ErrorLines[0]
        );
        CutOff();
        // Rows are left to measure.
        var journal = Assert.Single(new RunOnDisk(_folder.At("run")).Journals);
        File.WriteAllLines(journal, File.ReadAllLines(journal)[..10]);
        environment["ECHORATE_HOME"] = _folder.At("empty");

        var resumed = Echorate.Run(_folder.Path, environment, "run --resume --out run");

        Assert.Equal(4, resumed.ExitCode);
        Assert.Equal(
            "echorate: the backend vulkan is not installed (installed: none): echorate backend add vulkan downloads it (26 MB)",
            Assert.Single(resumed.ErrorLines)
        );
    }

    [Fact]
    public async Task A_backend_that_does_not_work_is_passed_over_by_auto_and_said()
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        environment["GGML_VK_VISIBLE_DEVICES"] = "";

        var outcome = Run(environment, "run");

        Assert.Equal(("CPU", "cpu"), Device(outcome, "run"));
        Assert.Matches(" on cpu: CPU", outcome.ErrorLines[0]);
        Assert.Matches(
            "^the backend vulkan does not work here: libggml-vulkan.so shows no device",
            outcome.ErrorLines[1]
        );
    }

    [Fact]
    public async Task A_backend_without_a_device_is_one_line_and_code_4()
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        environment["GGML_VK_VISIBLE_DEVICES"] = "";

        var outcome = Run(environment, "r", "--backend", "vulkan");

        Assert.Equal(4, outcome.ExitCode);
        Assert.Matches(
            "^echorate: the backend vulkan does not work here: libggml-vulkan.so shows no device.*; `echorate doctor` says what to do, --backend auto takes what works$",
            Assert.Single(outcome.ErrorLines)
        );
        Assert.False(Directory.Exists(_folder.At("r")));
    }

    [Fact]
    public void A_backend_that_is_not_installed_is_one_line_and_code_4()
    {
        Assert.SkipWhen(
            Backend.Find(HostEnvironment.Current(), "vulkan") is null,
            "no Vulkan package for this platform"
        );
        using var home = new TemporaryFolder();
        foreach (var command in new[] { "run --file mini-gemma3-F16.gguf", "demo" })
        {
            var outcome = Echorate.Run(
                _folder.Path,
                new() { ["ECHORATE_HOME"] = home.Path },
                [.. command.Split(' '), .. "--backend vulkan --out r".Split(' ')]
            );
            Assert.Equal(4, outcome.ExitCode);
            Assert.Equal(
                "echorate: the backend vulkan is not installed (installed: none): echorate backend add vulkan downloads it (26 MB)",
                Assert.Single(outcome.ErrorLines)
            );
            Assert.False(Directory.Exists(_folder.At("r")));
        }
    }

    [Fact]
    public void A_device_of_another_backend_is_a_usage_error()
    {
        var outcome = Run([], "r", "--backend", "cpu", "--device", "Vulkan0");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal(
            "echorate: --device: 'Vulkan0' is no device of the backend cpu; leave out --backend, or name one of its devices\n",
            outcome.Error
        );
    }

    // As if the run had been ended before its end.
    private void CutOff()
    {
        var info = _folder.At("run", "run.json");
        File.WriteAllText(
            info,
            Regex.Replace(File.ReadAllText(info), "\"finished\": \"[^\"]*\"", "\"finished\": null")
        );
    }

    private Outcome Run(
        Dictionary<string, string?> environment,
        string folder,
        params string[] options
    ) =>
        Echorate.Run(
            _folder.Path,
            environment,
            [
                .. "run --file mini-gemma3-F16.gguf --items words --prompts published".Split(' '),
                .. options,
                .. $"--threads 1 --out {folder} --csv data".Split(' '),
            ]
        );

    private (string Device, string Backend) Device(Outcome outcome, string folder)
    {
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var file = Assert.Single(new RunOnDisk(_folder.At(folder)).Files.Rows);
        return (file["device"], file["backend"]);
    }
}
