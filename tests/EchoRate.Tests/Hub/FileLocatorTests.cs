using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;

namespace EchoRate.Tests.Hub;

public sealed class FileLocatorTests : IDisposable
{
    private const string Commit = "855f67caed130e1befc571b52bd181be2e858883";
    private const string Other = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder _folder = new();
    private readonly HubEnvironment _environment;

    public FileLocatorTests() => _environment = new(_folder.At("home"), _ => null);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("models/a.gguf", "manifest/models/a.gguf")]
    [InlineData("../a.gguf", "a.gguf")]
    [InlineData("~/a.gguf", "home/a.gguf")]
    [InlineData("$HOME/~/a.gguf", "manifest/$HOME/~/a.gguf")]
    public void Local_paths_start_from_the_manifest_and_only_a_leading_tilde_is_expanded(
        string path,
        string where
    )
    {
        var expected = _folder.Write(where, "12345");

        var location = Locate($"quant: F16, path: '{path}', bytes: 5");

        Assert.Equal((FilePresence.Here, null), (location.Presence, location.Reason));
        Assert.Equal([expected], location.Paths);
    }

    [Fact]
    public void A_local_file_that_is_missing_a_folder_or_of_another_size_says_so()
    {
        var small = _folder.Write("manifest/small.gguf", "1234");
        Directory.CreateDirectory(_folder.At("manifest/folder.gguf"));

        var missing = Locate("quant: F16, path: none/a.gguf");
        var folder = Locate("quant: F16, path: folder.gguf");
        var wrong = Locate("quant: F16, path: small.gguf, bytes: 5");

        Assert.Equal(
            (FilePresence.NotHere, $"no such file: {_folder.At("manifest/none/a.gguf")}"),
            (missing.Presence, missing.Reason)
        );
        Assert.Equal(
            (FilePresence.Unusable, $"{_folder.At("manifest/folder.gguf")} is a folder"),
            (folder.Presence, folder.Reason)
        );
        Assert.Equal(
            (FilePresence.Unusable, $"{small} has 4 bytes, the manifest says 5"),
            (wrong.Presence, wrong.Reason)
        );
        Assert.Empty(wrong.Paths);
    }

    [Fact]
    public void A_split_file_is_here_when_all_its_parts_are()
    {
        string parts =
            "quant: F16, parts: [{path: m-00002-of-00002.gguf}, {path: m-00001-of-00002.gguf}]";
        var first = _folder.Write("manifest/m-00001-of-00002.gguf", "a");

        var half = Locate(parts);
        var second = _folder.Write("manifest/m-00002-of-00002.gguf", "b");
        var whole = Locate(parts);

        Assert.Equal($"no such file: {second}", half.Reason);
        Assert.Equal([first, second], whole.Paths);
    }

    [Fact]
    public void A_pinned_revision_is_found_in_its_snapshot()
    {
        var path = Cached(Commit, "sub/a.gguf", "12345");

        var location = Locate(
            $"quant: F16, repo: org/name, revision: {Commit}, path: sub/a.gguf, bytes: 5"
        );

        Assert.Equal((FilePresence.Here, Commit), (location.Presence, location.Revision));
        Assert.Equal([path], location.Paths);
    }

    [Theory]
    [InlineData("", "main")]
    [InlineData(", revision: v1.0", "v1.0")]
    [InlineData(", revision: refs/pr/1", "refs/pr/1")]
    public void Without_a_commit_the_caches_own_reference_is_followed(
        string revision,
        string reference
    )
    {
        var path = Cached(Commit, "a.gguf", "12345");
        Cached(Other, "a.gguf", "older");
        _folder.Write(
            $"home/.cache/huggingface/hub/models--org--name/refs/{reference}",
            Commit + "\n"
        );

        var location = Locate($"quant: F16, repo: org/name{revision}, path: a.gguf");

        Assert.Equal(Commit, location.Revision);
        Assert.Equal([path], location.Paths);
    }

    [Theory]
    [InlineData("../../../../../etc")]
    [InlineData("")]
    [InlineData("855f67caed130e1befc571b52bd181be2e858883/../x")]
    public void A_reference_that_holds_no_commit_leads_nowhere(string content)
    {
        Cached(Commit, "a.gguf", "12345");
        _folder.Write("home/.cache/huggingface/hub/models--org--name/refs/main", content);

        Assert.Equal(
            FilePresence.NotHere,
            Locate("quant: F16, repo: org/name, path: a.gguf").Presence
        );
    }

    [Fact]
    public void A_link_whose_blob_is_gone_is_not_here()
    {
        var path = Cached(Commit, "a.gguf", "12345");
        File.Delete(File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName);

        var location = Locate($"quant: F16, repo: org/name, revision: {Commit}, path: a.gguf");

        Assert.Equal(FilePresence.NotHere, location.Presence);
    }

    [Theory]
    [InlineData(
        $"revision: {Commit}, path: sub/a b.gguf",
        "licence: {name: Gemma Terms of Use, url: 'https://ai.google.dev/gemma/terms', gated: true}",
        $"'sub/a b.gguf' --revision {Commit}, or from https://huggingface.co/org/name/resolve/{Commit}/sub/a%20b.gguf; licence: Gemma Terms of Use, to be accepted first (https://ai.google.dev/gemma/terms)"
    )]
    [InlineData(
        "parts: [{path: m-00001-of-00002.gguf}, {path: m-00002-of-00002.gguf}]",
        "family: x",
        "m-00001-of-00002.gguf m-00002-of-00002.gguf, or from https://huggingface.co/org/name/resolve/main/m-00001-of-00002.gguf (the first of 2 parts)"
    )]
    public void What_is_not_here_says_how_to_get_it_and_under_which_licence(
        string file,
        string model,
        string how
    )
    {
        var location = Locate($"quant: F16, repo: org/name, {file}", model);

        Assert.Equal(FilePresence.NotHere, location.Presence);
        Assert.Equal(
            $"not in the Hugging Face cache; get it with: echorate pull a:F16, or hf download org/name {how}",
            location.Reason
        );
    }

    [Theory]
    [InlineData("HF_HUB_CACHE=/x HF_HOME=/y XDG_CACHE_HOME=/z", "/x")]
    [InlineData("HF_HUB_CACHE=~/x", "/home/me/x")]
    [InlineData("HF_HUB_CACHE= HF_HOME=/y XDG_CACHE_HOME=/z", "/y/hub")]
    [InlineData("XDG_CACHE_HOME=/z", "/z/huggingface/hub")]
    [InlineData("", "/home/me/.cache/huggingface/hub")]
    public void The_cache_is_where_the_hubs_own_programs_keep_it(string variables, string folder)
    {
        Dictionary<string, string> set = variables
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => text.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var environment = new HubEnvironment("/home/me", name => set.GetValueOrDefault(name));

        Assert.Equal(Path.GetFullPath(folder), environment.CacheFolder);
    }

    /// <summary>A file as the hub's programs leave it: the bytes among the blobs, a relative link in the snapshot.</summary>
    private string Cached(string commit, string path, string content)
    {
        const string Repo = "home/.cache/huggingface/hub/models--org--name";
        var blob = _folder.Write($"{Repo}/blobs/{commit}", content);
        var link = _folder.At($"{Repo}/snapshots/{commit}/{path}");
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, blob));
        return link;
    }

    private FileLocation Locate(string file, string model = "family: x")
    {
        string yaml =
            $"schema_version: 1\nmodels:\n  - name: a\n    {model}\n    files:\n      - {{{file}}}\n";
        var manifest = ManifestReader.Parse(
            Encoding.UTF8.GetBytes(yaml),
            _folder.At("manifest/m.yaml")
        );
        return new FileLocator(manifest.Folder, _environment).Locate(
            Assert.Single(manifest.Select([], []))
        );
    }
}
