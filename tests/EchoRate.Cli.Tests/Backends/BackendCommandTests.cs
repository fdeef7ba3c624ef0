using EchoRate.Cli.Tests.BadInput;
using EchoRate.Cli.Tests.Gpus;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;

namespace EchoRate.Cli.Tests.Backends;

/// <summary><c>echorate backend</c> as typed.</summary>
public sealed class BackendCommandTests : IDisposable
{
    private readonly Workplace _here = new();
    private readonly TemporaryFolder _home = new();

    private static string Names => string.Join(", ", Backend.For(HostEnvironment.Current()));

    public BackendCommandTests() => _here.Environment["ECHORATE_HOME"] = _home.Path;

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
            $"backend {verb} cuda11"
        );

    [Theory]
    [InlineData("ECHORATE_HOME", "plugins")]
    [InlineData("XDG_DATA_HOME", "echorate/plugins")]
    public void What_is_not_installed_is_not_removed_from_the_folder_that_variables_name(
        string variable,
        string folder
    )
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "XDG_DATA_HOME counts on Linux");
        _here.Environment["ECHORATE_HOME"] = "";
        _here.Environment[variable] = _home.Path;
        var outcome = Run(_here.Environment, "remove", "vulkan");
        Assert.Equal(4, outcome.ExitCode);
        Assert.Equal(
            $"echorate: vulkan is not installed: there is no {_home.Path}/{folder}/vulkan/libggml-vulkan.so; installed: none\n",
            outcome.Error
        );
    }

    [Fact]
    public void A_list_of_a_new_machine_names_every_backend_with_its_size()
    {
        var outcome = Run(_here.Environment, "list", "--json");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var listed = Backends(outcome);
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

        var works = Vulkan();
        environment["GGML_VK_VISIBLE_DEVICES"] = "";
        var hidden = Vulkan();

        Assert.True(works.GetProperty("works").GetBoolean());
        Assert.InRange(works.GetProperty("largest_difference").GetDouble(), 0, 2);
        Assert.StartsWith(SoftwareGpu.Home, works.GetProperty("where").GetString());
        Assert.True(works.GetProperty("disk_bytes").GetInt64() > 50_000_000);
        Assert.False(hidden.GetProperty("works").GetBoolean());
        Assert.StartsWith(
            "libggml-vulkan.so shows no device",
            hidden.GetProperty("reason").GetString()
        );

        JsonElement Vulkan() =>
            Backends(Run(environment, "list", "--json"))
                .Single(backend => Name(backend) == "vulkan");
    }

    [Fact]
    public async Task Adding_says_whether_it_works_and_removing_takes_it_away()
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_here.Folder.Path);
        // As by hand: nothing is downloaded then.
        var library = SoftwareGpu.CopyTo(_home.Path);
        environment["ECHORATE_HOME"] = _home.Path;

        var works = Run(environment, "add", "vulkan");
        environment["GGML_VK_VISIBLE_DEVICES"] = "";
        var fails = Run(environment, "add", "vulkan");
        var removed = Run(environment, "remove", "vulkan");

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

    private Outcome Run(Dictionary<string, string?> environment, params string[] words) =>
        Echorate.Run(_here.Folder.Path, environment, ["backend", .. words]);

    private static List<JsonElement> Backends(Outcome outcome) =>
        [.. JsonDocument.Parse(outcome.Out).RootElement.GetProperty("backends").EnumerateArray()];

    private static string? Name(JsonElement backend) => backend.GetProperty("name").GetString();
}
