using EchoRate.Hub;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;
using EchoRate.Hub.Pulling;
using EchoRate.Tests.Hub.Loopback;

namespace EchoRate.Tests.Hub.Pulling;

/// <summary>What a pull does not do, and how it says so: licences, names, redirects, ways out of the cache.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly PullBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private HubException Refused(WantedFile wanted)
    {
        var result = _bench.Pull(wanted);
        Assert.Equal(PullOutcome.Failed, result.Outcome);
        Assert.DoesNotContain('\n', result.Failure!.Message);
        Assert.DoesNotContain(PullBench.Token, result.Failure.ToString());
        return result.Failure;
    }

    private int Downloads => _bench.Hub.Requests.Count(request => request.Method == "GET");

    [Fact]
    public void A_gated_repository_says_where_to_accept_and_how_to_give_a_token()
    {
        var file = _bench.Add("m.gguf", [1]);
        _bench.Hub.Gated["org/name"] = "another";
        var with = Refused(PullBench.Want(file));
        _bench.Variables.Remove("HF_TOKEN");
        var without = Refused(PullBench.Want(file));

        var hub = _bench.Hub.Endpoint.AbsoluteUri.TrimEnd('/');
        Assert.Contains("the token that was sent must belong", with.Message);
        Assert.Equal(
            $"org/name/m.gguf: the licence must be accepted first, at {hub}/org/name; then give a token of {hub}/settings/tokens in HF_TOKEN, or by `hf auth login`",
            without.Message
        );
        Assert.Empty(_bench.Pauses);
    }

    [Fact]
    public void Over_plain_http_no_token_is_sent_to_another_machine_nor_asked_for_again()
    {
        _bench.Variables["HF_ENDPOINT"] = "http://hub.example";
        var settings = _bench.Settings();
        using var answer = new HttpResponseMessage(System.Net.HttpStatusCode.Unauthorized);
        var file = new HubAddress("org/name", "main", "m.gguf");

        var message = new Refusal(file, settings, answer).Explain(isHub: true).Message;

        Assert.Null(settings.Token);
        Assert.True(settings.KeepsTokenBack);
        Assert.Contains("use https", message);
        Assert.DoesNotContain("give a token", message);
    }

    [Theory]
    [InlineData("no/repo", "main", "m.gguf", "has no repository 'no/repo'")]
    [InlineData("org/name", "v2", "m.gguf", "has no revision 'v2'")]
    [InlineData("org/name", "main", "x.gguf", "has no such file at 'main'")]
    public void Repository_revision_and_file_are_told_apart(
        string repo,
        string revision,
        string path,
        string expected
    )
    {
        var wanted = PullBench.Want(_bench.Add("m.gguf", [1])) with
        {
            Address = new HubAddress(repo, revision, path),
        };

        Assert.Contains(expected, Refused(wanted).Message);
        Assert.Empty(_bench.Pauses);
    }

    [Fact]
    public void Retry_after_is_kept_to()
    {
        var file = _bench.Add("m.gguf", [1]);
        var asked = 0;
        _bench.Hub.Fault = (_, answer) =>
            asked++ < 2 ? HubAnswer.Of(429, ("Retry-After", "30")) : answer;

        Assert.Equal(PullOutcome.Fetched, _bench.Pull(PullBench.Want(file)).Outcome);

        Assert.Equal([30, 30], _bench.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public void Pauses_double_and_end()
    {
        var file = _bench.Add("m.gguf", [1]);
        _bench.Hub.Fault = (_, _) => HubAnswer.Of(503);

        var failure = Refused(PullBench.Want(file));

        Assert.Equal([1, 2, 4, 8, 16], _bench.Pauses.Select(pause => pause.TotalSeconds));
        Assert.Contains("answers 503 (tried 6 times; run the command again", failure.Message);
    }

    [Fact]
    public void A_hash_other_than_the_manifests_is_refused_before_the_first_byte()
    {
        var file = _bench.Add("m.gguf", [1]);

        var failure = Refused(PullBench.Want(file, new string('a', 64)));

        Assert.Contains(
            $"has sha256 {file.Sha256}; the manifest or its lock file says aaaa",
            failure.Message
        );
        Assert.Equal(0, Downloads);
    }

    [Fact]
    public void A_file_that_is_here_with_another_hash_is_not_fetched_when_the_hub_has_that_one_too()
    {
        var file = _bench.Add("m.gguf", [1, 2]);
        _bench.Pull(PullBench.Want(file));
        var before = Downloads;

        var failure = Refused(PullBench.Want(file, new string('0', 64)));

        Assert.Contains(
            $"has sha256 {file.Sha256}; the manifest or its lock file says 0000",
            failure.Message
        );
        Assert.Equal(before, Downloads);
        Assert.Equal([1, 2], File.ReadAllBytes(_bench.Snapshot(file)));
    }

    [Fact]
    public void Wrong_bytes_twice_leave_nothing()
    {
        var file = _bench.Add("m.gguf", [1, 2, 3]);
        _bench.Hub.Fault = (request, answer) =>
            request.IsCdn ? answer with { Body = new byte[] { 1, 2, 4 } } : answer;

        Assert.Contains("twice, and nothing was kept", Refused(PullBench.Want(file)).Message);

        var repo = Path.Combine(_bench.Cache, "models--org--name");
        Assert.Empty(Directory.GetFiles(repo, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Offline_asks_nobody()
    {
        var file = _bench.Add("m.gguf", [1]);
        _bench.Variables["HF_HUB_OFFLINE"] = "1";

        Assert.Contains("HF_HUB_OFFLINE is set", Refused(PullBench.Want(file)).Message);
        Assert.Empty(_bench.Hub.Requests);
    }

    [Theory]
    [InlineData("../../../../etc/passwd.gguf")]
    [InlineData("/etc/x.gguf")]
    [InlineData("C:/x.gguf")]
    [InlineData("a\\..\\b.gguf")]
    [InlineData("NUL.gguf")]
    [InlineData("sub/com1.x.gguf")]
    [InlineData("a\0.gguf")]
    public void A_path_does_not_leave_the_cache(string path)
    {
        var file = _bench.Add(path, [1]);

        Refused(PullBench.Want(file));

        Assert.False(Directory.Exists(Path.Combine(_bench.Cache, "models--org--name")));
    }

    [Theory]
    [InlineData("X-Repo-Commit", "../../x")]
    [InlineData("X-Linked-Etag", "\"../../../x\"")]
    [InlineData("X-Linked-Etag", "\"nul\"")]
    [InlineData("X-Linked-Size", "-5")]
    public void A_header_does_not_leave_the_cache(string name, string value)
    {
        var file = _bench.Add("m.gguf", [1]);
        _bench.Hub.Fault = (request, answer) =>
            request.IsCdn
                ? answer
                : answer with
                {
                    Headers =
                    [
                        .. answer.Headers.Where(header => header.Name != name),
                        (name, value),
                    ],
                };

        Refused(PullBench.Want(file));

        Assert.False(Directory.Exists(_bench.Cache));
    }

    // A link to another link's inside, or one that climbs out of the other, looks harmless by its text.
    [Theory]
    [InlineData("", "../outside")]
    [InlineData("", "elsewhere/inner")]
    [InlineData("", "inside/../elsewhere/inner")]
    [InlineData("blobs", "../../outside")]
    [InlineData("snapshots", "../../outside")]
    [InlineData("refs", "../../outside")]
    public void Nothing_is_written_through_a_link_in_the_cache(string folder, string target)
    {
        NeedsLinks();
        var file = _bench.Add("m.gguf", [1]);
        var outside = Directory.CreateDirectory(Path.Combine(_bench.Folder, "outside")).FullName;
        Directory.CreateDirectory(Path.Combine(outside, "inner"));
        Directory.CreateDirectory(Path.Combine(_bench.Cache, "inside"));
        Directory.CreateSymbolicLink(Path.Combine(_bench.Cache, "elsewhere"), outside);
        var link = Path.Combine(_bench.Cache, "models--org--name", folder).TrimEnd('/');
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        Directory.CreateSymbolicLink(link, target);

        var failure = _bench.Pull(PullBench.Want(file)).Failure;

        Assert.Contains("leaves the cache", failure?.Message ?? Assert.Single(_bench.Notes));
        Assert.Empty(Directory.GetFiles(outside, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Links_in_the_place_of_files_are_not_written_through()
    {
        NeedsLinks();
        var file = _bench.Add("m.gguf", [1, 2, 3]);
        var outside = Path.Combine(_bench.Folder, "outside");
        var nowhere = Path.Combine(_bench.Folder, "nowhere");
        File.WriteAllText(outside, "");
        var folders = _bench.Folders(file);
        var places = new Dictionary<string, string>
        {
            [folders.Blob(file.Sha256) + ".incomplete"] = outside,
            [_bench.Snapshot(file)] = nowhere,
            [folders.Lock(file.Sha256)] = nowhere,
        };
        foreach (var (place, target) in places)
        {
            folders.Prepare(place);
            File.CreateSymbolicLink(place, target);
        }

        Assert.Null(_bench.Pull(PullBench.Want(file)).Failure);

        Assert.Empty(File.ReadAllBytes(outside));
        Assert.False(File.Exists(nowhere));
        Assert.Equal(file.Bytes, File.ReadAllBytes(_bench.Snapshot(file)));
    }

    [Fact]
    public void A_cache_that_is_a_link_itself_is_the_users_choice()
    {
        NeedsLinks();
        var file = _bench.Add("m.gguf", [1]);
        var disk = Directory.CreateDirectory(Path.Combine(_bench.Folder, "disk")).FullName;
        Directory.CreateSymbolicLink(_bench.Cache, disk);

        Assert.Equal(PullOutcome.Fetched, _bench.Pull(PullBench.Want(file)).Outcome);
        Assert.Equal([1], File.ReadAllBytes(_bench.Snapshot(file)));
    }

    [Theory]
    [InlineData("http://user:secret@hub")]
    [InlineData("ftp://hub")]
    [InlineData("hub")]
    public void An_endpoint_that_is_none_is_refused_without_repeating_it(string endpoint)
    {
        _bench.Variables["HF_ENDPOINT"] = endpoint;

        var failure = Assert.Throws<HubException>(_bench.Settings);

        Assert.StartsWith("HF_ENDPOINT is not an http", failure.Message);
        Assert.DoesNotContain("secret", failure.Message);
    }

    [Theory]
    [InlineData("https://a", "http://b", false)]
    [InlineData("https://a", "https://b", true)]
    [InlineData("http://127.0.0.1:1", "http://127.0.0.2:1", true)]
    [InlineData("https://127.0.0.1:1", "http://127.0.0.1:2", true)]
    [InlineData("https://a", "file:///etc/passwd", false)]
    [InlineData("https://a", "https://u:p@b", false)]
    public void Only_safe_redirects_are_followed(string from, string to, bool followed)
    {
        var file = new HubAddress("org/name", "main", "m.gguf");

        var problem = Record.Exception(() => HubClient.Follow(new Uri(from), new Uri(to), file));

        Assert.Equal(followed, problem is not HubException);
    }

    [Fact]
    public void Endless_redirects_end()
    {
        var file = _bench.Add("m.gguf", [1]);
        _bench.Hub.Fault = (request, _) => HubAnswer.Of(307, ("Location", request.Path));

        Assert.Contains("redirects", Refused(PullBench.Want(file)).Message);
    }

    [Fact]
    public void The_token_is_found_where_the_hubs_own_programs_keep_it()
    {
        var variables = new Dictionary<string, string> { ["HF_HOME"] = _bench.Folder };
        var environment = new HubEnvironment("/nowhere", name => variables.GetValueOrDefault(name));
        string? Found() => HubToken.Find(environment)?.Bearer;

        Assert.Null(Found());
        File.WriteAllText(Path.Combine(_bench.Folder, "token"), "hf_file\n");
        Assert.Equal("Bearer hf_file", Found());
        File.WriteAllText(Path.Combine(_bench.Folder, "other"), "hf_other");
        variables["HF_TOKEN_PATH"] = Path.Combine(_bench.Folder, "other");
        Assert.Equal("Bearer hf_other", Found());
        variables["HF_TOKEN"] = " hf_variable ";
        Assert.Equal("Bearer hf_variable", Found());
        variables["HF_TOKEN"] = "hf_two\nlines";
        Assert.DoesNotContain("hf_two", Assert.Throws<HubException>(Found).Message);
    }

    private static void NeedsLinks() =>
        Assert.SkipWhen(
            OperatingSystem.IsWindows(),
            "making links needs a right that test users lack"
        );
}
