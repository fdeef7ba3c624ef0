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
        _here.Environment["ECHORATE_LLAMA_DIR"] = null;
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
            "cpu"
        );
        Assert.Equal(4, outcome.ExitCode);
        Assert.StartsWith("echorate: cpu is not installed: there is no ", outcome.Error);
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
                foreach (var absent in new[] { "works", "reason", "disk_bytes", "where" })
                {
                    Assert.Equal(JsonValueKind.Null, backend.GetProperty(absent).ValueKind);
                }
            }
        );
    }

    [Fact]
    public async Task An_installed_backend_is_listed_with_where_it_is_and_whether_it_works()
    {
        var environment = await SoftwareGpu.InstalledAsync(_here.Folder.Path);

        var works = Vulkan(environment);
        environment["GGML_VK_VISIBLE_DEVICES"] = "";
        var hidden = Vulkan(environment);

        Assert.True(works.GetProperty("works").GetBoolean());
        Assert.Equal(["Vulkan0"], Texts(works.GetProperty("devices")));
        Assert.StartsWith(SoftwareGpu.Home, works.GetProperty("where").GetString());
        Assert.True(works.GetProperty("disk_bytes").GetInt64() > 50_000_000);
        Assert.False(hidden.GetProperty("works").GetBoolean());
        Assert.EndsWith("opens but shows no device", hidden.GetProperty("reason").GetString());
    }

    private JsonElement Vulkan(Dictionary<string, string?> environment) =>
        Backends(Echorate.Run(_here.Folder.Path, environment, "backend", "list", "--json").Out)
            .Single(backend => Name(backend) == "vulkan");

    private static List<JsonElement> Backends(string json) =>
        [.. JsonDocument.Parse(json).RootElement.GetProperty("backends").EnumerateArray()];

    private static string? Name(JsonElement backend) => backend.GetProperty("name").GetString();

    private static IEnumerable<string?> Texts(JsonElement list) =>
        list.EnumerateArray().Select(item => item.GetString());
}
