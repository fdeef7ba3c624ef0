namespace EchoRate.Cli.Tests.Hub;

/// <summary>What list says without any network.</summary>
public sealed class ListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_shipped_manifest_is_listed_with_what_the_cache_holds_besides()
    {
        var snapshot = _folder.At($"cache/models--some--body/snapshots/{new string('c', 40)}/sub");
        Directory.CreateDirectory(snapshot);
        File.WriteAllBytes(Path.Combine(snapshot, "x.gguf"), new byte[10]);
        var environment = new Dictionary<string, string?>
        {
            ["HF_HUB_CACHE"] = _folder.At("cache"),
            ["ECHORATE_HOME"] = _folder.At("home"),
            // Nobody is asked.
            ["HF_ENDPOINT"] = "http://127.0.0.1:9",
        };

        var outcome = Echorate.Run(Repository.Root, environment, "list", "--json");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var listing = JsonDocument.Parse(outcome.Out).RootElement;
        Assert.All(
            listing.GetProperty("files").EnumerateArray(),
            file => Assert.Equal("no", file.GetProperty("here").GetString())
        );
        var other = Assert.Single(listing.GetProperty("others").EnumerateArray());
        Assert.Equal(
            ("some/body", "sub/x.gguf", 10, "yes"),
            (
                other.GetProperty("repo").GetString(),
                other.GetProperty("path").GetString(),
                other.GetProperty("bytes").GetInt32(),
                other.GetProperty("fits").GetString()
            )
        );
        var text = Echorate.Run(Repository.Root, environment, "list").Out;
        Assert.Contains("| gpt-oss-120b", text);
        Assert.Contains("sub/x.gguf", text);
        var unknown = listing
            .GetProperty("files")
            .EnumerateArray()
            .Count(file =>
                file.GetProperty("bytes").ValueKind == JsonValueKind.Null
                || !file.GetProperty("hash_known").GetBoolean()
            );
        Assert.Contains(
            $"size or sha256 not known of {unknown} files: `echorate pull` learns them",
            text
        );
        Assert.Contains("GPUs are not counted", text);
    }
}
