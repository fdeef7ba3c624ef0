using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;

namespace EchoRate.Cli.Tests.Backends;

/// <summary><c>echorate backend</c>, <c>echorate doctor</c>, and <c>run --backend</c> where there is no backend.</summary>
public sealed class BackendTests : SoftwareGpu
{
    private const string NotInstalled =
        "the backend vulkan is not installed (installed: none): echorate backend add vulkan downloads it (26 MB)";

    private static string Names => string.Join(", ", Backend.For(HostEnvironment.Current()));

    [Fact]
    public void An_unknown_name_is_answered_with_those_of_this_platform()
    {
        var line =
            $"'cuda11' is no backend for {HostEnvironment.Current().Platform}; allowed: {Names}";
        Refuses(2, "backend add: " + line, "backend add cuda11");
        Refuses(2, "backend remove: " + line, "backend remove cuda11");
    }

    [Fact]
    public void A_backend_that_is_not_installed_is_one_line_and_code_4()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "XDG_DATA_HOME counts on Linux");
        Miniatures.Gemma3.Write(Folder.At("m.gguf"));
        Refuses(4, NotInstalled, "run --file m.gguf --backend vulkan --out r");
        Refuses(4, NotInstalled, "demo --backend vulkan --out r");

        foreach (
            var (variable, plugins) in new[]
            {
                ("ECHORATE_HOME", ""),
                ("XDG_DATA_HOME", "/echorate"),
            }
        )
        {
            Variables["ECHORATE_HOME"] = "";
            Variables[variable] = Folder.At("home");
            Refuses(
                4,
                $"vulkan is not installed: there is no {{folder}}/home{plugins}/plugins/vulkan/libggml-vulkan.so; installed: none",
                "backend remove vulkan"
            );
        }
    }

    [Fact]
    public void A_new_machine_has_a_list_of_every_backend_and_would_run()
    {
        var listed = Run("backend list --json").Json.Each("backends").ToList();
        var report = Run("doctor --json").Json;
        var people = Run("doctor");

        Assert.Equal(Names, string.Join(", ", listed.Select(backend => backend.Text("name"))));
        Assert.All(
            listed,
            backend =>
            {
                Assert.Equal("False", backend.Text("installed"));
                Assert.True(backend.Number("download_bytes") > 1_000_000);
                Assert.Equal(
                    "",
                    backend.Text("works") + backend.Text("reason") + backend.Text("disk_bytes")
                );
            }
        );
        Assert.Equal("True", report.Text("would_run"));
        Assert.Equal("llamasharp", report.Text("engine.name"));
        Assert.Matches(@"^0\.\d+\.", report.Text("engine.version"));
        Assert.Contains("ggml-cpu", report.Text("engine.cpu_library"));
        var cpu = report.Each("devices").Single(device => device.Text("kind") == "cpu");
        Assert.True(cpu.Number("total_bytes") > 0);
        Assert.StartsWith("engine         llamasharp 0.", people.Out);
        Assert.Equal("A run would work, on cpu.", people.OutLines[^1]);
    }

    [Fact]
    public async Task An_installed_backend_is_listed_with_where_it_is_and_whether_it_works()
    {
        await SeeGpuAsync();

        var works = Vulkan("backend list --json");
        var report = Run("doctor --json").Json;
        HideGpu();
        var hidden = Vulkan("backend list --json");

        Assert.Equal("True", works.Text("works"));
        Assert.InRange(works.Number("largest_difference"), 0, 2);
        Assert.StartsWith(VulkanPlugin.Home, works.Text("where"));
        Assert.True(works.Number("disk_bytes") > 50_000_000);
        Assert.Equal("False", hidden.Text("works"));
        Assert.StartsWith("libggml-vulkan.so shows no device", hidden.Text("reason"));
        Assert.Equal("vulkan", report.Text("engine.backend"));
        var device = report.At("devices")[0];
        Assert.Equal("Vulkan0", device.Text("name"));
        Assert.StartsWith("llvmpipe", device.Text("description"));
        Assert.Equal(2L << 30, device.Number("total_bytes"));
    }

    [Fact]
    public async Task Adding_says_whether_it_works_and_removing_takes_it_away()
    {
        await SeeGpuAsync();
        // As by hand: nothing is downloaded then.
        var library = await OwnHomeAsync();

        var works = Run("backend add vulkan");
        HideGpu();
        var fails = Run("backend add vulkan");
        var removed = Run("backend remove vulkan");

        Assert.Equal(
            [
                "vulkan is installed already; nothing to do",
                "vulkan works: Vulkan0 computed a small model as the CPU does",
            ],
            works.ErrorLines
        );
        Assert.Equal((0, library + "\n"), (works.ExitCode, works.Out));
        Assert.Equal(0, fails.ExitCode);
        Assert.Matches(
            "^vulkan does not work here: libggml-vulkan.so shows no device.*; `echorate doctor` says what to do$",
            fails.ErrorLines[^1]
        );
        var folder = Path.GetDirectoryName(library);
        Assert.Equal(
            (0, $"vulkan is removed: 51.7 MB of {folder}\n"),
            (removed.ExitCode, removed.Error)
        );
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_backends_library_that_lacks_another_is_named_with_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libraries are called as on Linux");
        await SeeGpuAsync();
        var library = await OwnHomeAsync();
        // As a driver's library that is not there.
        File.WriteAllBytes(library, Needing(File.ReadAllBytes(library), "libnosuch.so.1"));

        var report = Run("doctor --json").Json;

        Assert.StartsWith(
            $"{library} does not open: libnosuch.so.1: ",
            report.Each("backends").Single(one => one.Text("name") == "vulkan").Text("reason")
        );
        var finding = report.Each("findings").Single(one => one.Text("backend") == "vulkan");
        Assert.Equal("library_missing", finding.Text("code"));
        Assert.Equal("cpu", report.Text("engine.backend"));
    }

    private JsonElement Vulkan(string words) =>
        Run(words).Json.Each("backends").Single(backend => backend.Text("name") == "vulkan");
}
