using System.Text.Json;
using EchoRate.Cli.Tests.BadInput;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Gpus;
using EchoRate.Cli.Tests.Program;
using EchoRate.Machine;
using EchoRate.Machine.Backends;

namespace EchoRate.Cli.Tests.Backends;

/// <summary><c>echorate backend</c> as typed.</summary>
public sealed class BackendCommandTests : IDisposable
{
    private readonly Workplace _here = new();
    private readonly TemporaryFolder _home = new();

    private static string Names => string.Join(", ", Backend.For(HostEnvironment.Current()));

    public BackendCommandTests()
    {
        _here.Environment["ECHORATE_HOME"] = _home.Path;
    }

    public void Dispose()
    {
        _here.Dispose();
        _home.Dispose();
    }

    [Theory]
    [InlineData("add")]
    [InlineData("remove")]
    public void An_unknown_name_is_answered_with_those_of_this_platform(string verb) =>
        _here.Refuses(
            2,
            $"backend {verb}: 'cuda11' is no backend for {HostEnvironment.Current().Platform}; allowed: {Names}",
            "backend",
            verb,
            "cuda11"
        );

    [Fact]
    public void A_verb_or_a_name_that_is_missing_is_a_usage_error()
    {
        _here.Refuses(
            2,
            "a command is missing; commands: list, add, remove (echorate backend --help says what they do)",
            "backend"
        );
        _here.Refuses(
            2,
            "NAME is missing (echorate backend add --help lists what is allowed)",
            "backend",
            "add"
        );
    }

    [Fact]
    public void What_is_not_installed_is_not_removed()
    {
        var outcome = Echorate.Run(
            _here.Folder.Path,
            _here.Environment,
            "backend",
            "remove",
            "vulkan"
        );
        Assert.SkipWhen(Names.Length == 0, "no backends for this platform");
        Assert.Equal(4, outcome.ExitCode);
        Assert.StartsWith("echorate: vulkan is not installed: there is no ", outcome.Error);
        Assert.EndsWith("; installed: none\n", outcome.Error);
    }

    [Fact]
    public void A_list_of_a_new_machine_names_every_backend_with_its_size()
    {
        var outcome = Echorate.Run(
            _here.Folder.Path,
            _here.Environment,
            "backend",
            "list",
            "--json"
        );
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var listed = Backends(outcome.Out);
        Assert.Equal(Names, string.Join(", ", listed.Select(Name)));
        Assert.All(
            listed,
            backend =>
            {
                Assert.False(backend.GetProperty("installed").GetBoolean());
                Assert.True(backend.GetProperty("download_bytes").GetInt64() > 1_000_000);
                foreach (var absent in new[] { "works", "reason", "disk_bytes" })
                {
                    Assert.Equal(JsonValueKind.Null, backend.GetProperty(absent).ValueKind);
                }
            }
        );
    }

    [Fact]
    public async Task An_installed_backend_is_listed_with_where_it_is_and_whether_it_works()
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_here.Folder.Path);

        var works = Vulkan(environment);
        environment["GGML_VK_VISIBLE_DEVICES"] = "";
        var hidden = Vulkan(environment);

        Assert.True(works.GetProperty("works").GetBoolean());
        Assert.InRange(works.GetProperty("largest_difference").GetDouble(), 0, 2);
        Assert.StartsWith(SoftwareGpu.Home, works.GetProperty("where").GetString());
        Assert.True(works.GetProperty("disk_bytes").GetInt64() > 50_000_000);
        Assert.False(hidden.GetProperty("works").GetBoolean());
        Assert.StartsWith(
            "libggml-vulkan.so shows no device",
            hidden.GetProperty("reason").GetString()
        );
    }

    [Fact]
    public async Task Adding_says_whether_it_works_and_removing_takes_it_away()
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_here.Folder.Path);
        // As by hand: nothing is downloaded then.
        var folder = Directory
            .CreateDirectory(Path.Combine(_home.Path, "plugins", "vulkan"))
            .FullName;
        var library = Path.Combine(folder, "libggml-vulkan.so");
        File.Copy(
            Path.Combine(SoftwareGpu.Home, "plugins", "vulkan", "libggml-vulkan.so"),
            library
        );
        environment["ECHORATE_HOME"] = _home.Path;

        var works = Run("add");
        environment["GGML_VK_VISIBLE_DEVICES"] = "";
        var fails = Run("add");
        var removed = Run("remove");

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
        Assert.Equal(0, removed.ExitCode);
        Assert.Equal($"vulkan is removed: 51.7 MB of {folder}\n", removed.Error);
        Assert.False(Directory.Exists(folder));

        Outcome Run(string verb) =>
            Echorate.Run(_here.Folder.Path, environment, "backend", verb, "vulkan");
    }

    [Fact]
    public void Without_npm_adding_names_the_folder_for_the_library()
    {
        Assert.SkipWhen(Names.Length == 0, "no backends for this platform");
        _here.Environment["PATH"] = _home.Path;
        var outcome = Echorate.Run(_here.Folder.Path, _here.Environment, "backend", "add", "cuda");
        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Out));
        Assert.StartsWith("echorate: no npm on PATH to fetch cuda with: ", outcome.ErrorLines[^1]);
        Assert.EndsWith(
            $" into {Path.Combine(_home.Path, "plugins", "cuda")} by hand",
            outcome.ErrorLines[^1]
        );
    }

    private JsonElement Vulkan(Dictionary<string, string?> environment) =>
        Backends(Echorate.Run(_here.Folder.Path, environment, "backend", "list", "--json").Out)
            .Single(backend => Name(backend) == "vulkan");

    private static List<JsonElement> Backends(string json) =>
        [.. JsonDocument.Parse(json).RootElement.GetProperty("backends").EnumerateArray()];

    private static string? Name(JsonElement backend) => backend.GetProperty("name").GetString();
}
