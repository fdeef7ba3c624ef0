using EchoRate.Cli.Tests.Gpus;

namespace EchoRate.Cli.Tests.Backends;

/// <summary><c>echorate doctor</c> on this machine.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_machine_that_runs_the_tests_would_run()
    {
        var report = Examine([], out var code);

        Assert.Equal(0, code);
        Assert.True(report.GetProperty("would_run").GetBoolean());
        var engine = report.GetProperty("engine");
        Assert.Equal("llamasharp", engine.GetProperty("name").GetString());
        Assert.Matches(@"^0\.\d+\.", engine.GetProperty("version").GetString());
        Assert.Contains("ggml-cpu", engine.GetProperty("cpu_library").GetString());
        var cpu = report
            .GetProperty("devices")
            .EnumerateArray()
            .Single(device => device.GetProperty("kind").GetString() == "cpu");
        Assert.True(cpu.GetProperty("total_bytes").GetInt64() > 0);
    }

    [Fact]
    public void For_people_the_same_is_said_in_lines()
    {
        var outcome = Echorate.Run(_folder.Path, "doctor");
        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("engine         llamasharp 0.", outcome.Out);
        Assert.Equal("A run would work, on cpu.", outcome.OutLines[^1]);
    }

    [Fact]
    public async Task The_software_device_is_seen_with_its_memory_and_taken()
    {
        var report = Examine(await SoftwareGpu.EnvironmentAsync(_folder.Path), out var code);

        Assert.Equal(0, code);
        Assert.Equal("vulkan", report.GetProperty("engine").GetProperty("backend").GetString());
        var device = report.GetProperty("devices")[0];
        Assert.Equal("Vulkan0", device.GetProperty("name").GetString());
        Assert.StartsWith("llvmpipe", device.GetProperty("description").GetString());
        Assert.Equal(2L << 30, device.GetProperty("total_bytes").GetInt64());
    }

    [Fact]
    public async Task A_backends_library_that_lacks_another_is_named_with_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libraries are called as on Linux");
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        var library = SoftwareGpu.CopyTo(_folder.At("home"));
        // As a driver's library that is not there: the name in the header is changed, not its length.
        Replace(library, "libvulkan.so.1", "libnosuch.so.1");
        environment["ECHORATE_HOME"] = _folder.At("home");

        var report = Examine(environment, out var code);

        Assert.Equal(0, code);
        var vulkan = report
            .GetProperty("backends")
            .EnumerateArray()
            .Single(backend => backend.GetProperty("name").GetString() == "vulkan");
        Assert.StartsWith(
            $"{library} does not open: libnosuch.so.1: ",
            vulkan.GetProperty("reason").GetString()
        );
        var finding = report
            .GetProperty("findings")
            .EnumerateArray()
            .Single(finding => finding.GetProperty("backend").GetString() == "vulkan");
        Assert.Equal("library_missing", finding.GetProperty("code").GetString());
        Assert.Equal("cpu", report.GetProperty("engine").GetProperty("backend").GetString());
    }

    [Fact]
    public void A_folder_without_libraries_is_exit_code_4_with_the_reason()
    {
        Directory.CreateDirectory(_folder.At("empty"));
        var report = Examine(
            new() { ["ECHORATE_LLAMASHARP_NATIVE"] = _folder.At("empty") },
            out var code
        );
        Assert.Equal(4, code);
        Assert.False(report.GetProperty("would_run").GetBoolean());
        Assert.StartsWith(
            "ECHORATE_LLAMASHARP_NATIVE: no libllama in ",
            report.GetProperty("failure").GetString()
        );
        Assert.Equal(JsonValueKind.Null, report.GetProperty("engine").ValueKind);
    }

    private JsonElement Examine(Dictionary<string, string?> environment, out int code)
    {
        var outcome = Echorate.Run(_folder.Path, environment, "doctor", "--json");
        code = outcome.ExitCode;
        return JsonDocument.Parse(outcome.Out).RootElement;
    }

    private static void Replace(string path, string old, string now)
    {
        var bytes = File.ReadAllBytes(path);
        var at = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(old + "\0"));
        Assert.True(at > 0);
        System.Text.Encoding.ASCII.GetBytes(now, bytes.AsSpan(at));
        File.WriteAllBytes(path, bytes);
    }
}
