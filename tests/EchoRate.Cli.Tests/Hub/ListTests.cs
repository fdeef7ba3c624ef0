namespace EchoRate.Cli.Tests.Hub;

/// <summary>What list says without any network.</summary>
public sealed class ListTests : ProgramTests
{
    [Fact]
    public void The_shipped_manifest_is_listed_with_what_the_cache_holds_besides()
    {
        Folder.Write(
            $"cache/models--some--body/snapshots/{new string('c', 40)}/sub/x.gguf",
            new byte[10]
        );
        Variables["HF_HUB_CACHE"] = Folder.At("cache");
        // Nobody is asked.
        Variables["HF_ENDPOINT"] = "http://127.0.0.1:9";
        var manifest = Path.Combine(Repository.Root, "gguf-manifest.yaml");

        var listing = Run("list --json --manifest", manifest).Json;
        var text = Run("list --manifest", manifest).Out;

        Assert.Equal(["no"], listing.Each("files", "here").Distinct());
        var other = Assert.Single(listing.Each("others"));
        Assert.Equal(
            ("some/body", "sub/x.gguf", "10", "yes"),
            (other.Text("repo"), other.Text("path"), other.Text("bytes"), other.Text("fits"))
        );
        Assert.Contains("| gpt-oss-120b", text);
        Assert.Contains("sub/x.gguf", text);
        var unknown = listing
            .Each("files")
            .Count(file => file.Text("bytes") == "" || file.Text("hash_known") == "False");
        Assert.Contains(
            $"size or sha256 not known of {unknown} files: `echorate pull` learns them",
            text
        );
        Assert.Contains("GPUs are not counted", text);
    }
}
