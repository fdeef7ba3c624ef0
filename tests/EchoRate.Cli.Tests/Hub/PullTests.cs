using EchoRate.Cli.Pulling;
using EchoRate.Cli.Quantizing;
using EchoRate.Tests.Hub.Loopback;

namespace EchoRate.Cli.Tests.Hub;

/// <summary>The program against a hub on loopback: pull, list, run, and what none of them ever prints.</summary>
public sealed class PullTests : IDisposable
{
    private const string Token = "hf_thisIsASecret";

    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder _folder = new();
    private readonly LoopbackHub _hub = new();

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_model_is_pulled_listed_and_measured_and_a_changed_one_is_not()
    {
        var file = Serve("m.gguf");
        Manifest("m.gguf");

        var first = Run("pull", "m:F16");
        Assert.Equal((0, ""), (first.ExitCode, first.Error.Contains("failed") ? first.Error : ""));
        var path = Assert.Single(first.OutLines);
        Assert.Equal(file.Bytes, File.ReadAllBytes(path));
        Assert.EndsWith(Path.Combine("snapshots", Commit, "m.gguf"), path);
        Assert.Contains("fetched and verified", first.Error);
        Assert.Contains(file.Sha256, File.ReadAllText(_folder.At("gguf-manifest.lock.yaml")));

        var asked = _hub.Requests.Count;
        Assert.Contains("here, verified before", Run("pull").Error);
        Assert.Equal(asked, _hub.Requests.Count);

        var listed = Listed();
        Assert.Equal(
            ("yes", "yes", file.Bytes.Length),
            (
                listed.GetProperty("here").GetString(),
                listed.GetProperty("verified").GetString(),
                listed.GetProperty("bytes").GetInt32()
            )
        );
        Assert.Contains("| m ", Run("list").Out);

        var measured = Measure("right");
        Assert.Equal(0, measured.ExitCode);
        var source = JsonDocument
            .Parse(File.ReadAllText(_folder.At("right/run.json")))
            .RootElement.GetProperty("files")[0]
            .GetProperty("source");
        Assert.Equal(
            ("org/name", Commit, file.Sha256),
            (
                source.GetProperty("repo").GetString(),
                source.GetProperty("revision").GetString(),
                source.GetProperty("sha256")[0].GetString()
            )
        );

        var bytes = (byte[])file.Bytes.Clone();
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal("no", Listed().GetProperty("verified").GetString());
        Assert.Equal(5, Measure("changed").ExitCode);
        Assert.Contains(
            $"the manifest says {file.Sha256}",
            File.ReadAllText(_folder.At("changed/files.csv"))
        );
        Assert.Contains("it is fetched again", Run("pull").Error);
        Assert.Equal(file.Bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_gated_model_says_what_to_do_and_the_token_is_never_printed_or_passed_on()
    {
        Serve("m.gguf");
        Manifest("m.gguf");
        _hub.Gated["org/name"] = "another";

        var outcome = Run("pull");

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("the licence must be accepted first", outcome.Error);
        Assert.DoesNotContain(Token, outcome.Error + outcome.Out);
        _hub.Gated["org/name"] = Token;
        var allowed = Run("pull");
        Assert.Equal(0, allowed.ExitCode);
        Assert.DoesNotContain(Token, allowed.Error + allowed.Out);
        Assert.DoesNotContain(
            _hub.Requests,
            request => request.IsCdn && request.Authorization is not null
        );
    }

    [Fact]
    public void A_killed_pull_is_gone_on_with()
    {
        var file = Serve("m.gguf");
        Manifest("m.gguf");
        _hub.Fault = (request, answer) =>
            request.IsCdn ? answer with { StallAt = 100_000 } : answer;
        var incomplete = _folder.At($"hub/models--org--name/blobs/{file.Sha256}.incomplete");
        using (var program = Echorate.Start(_folder.Path, Environment(), "pull"))
        {
            for (
                var i = 0;
                i < 600 && !(new FileInfo(incomplete) is { Exists: true, Length: 100_000 });
                i++
            )
            {
                Assert.True(program.IsRunning);
                Thread.Sleep(100);
            }
            // Disposing kills it.
        }
        Assert.Equal(100_000, new FileInfo(incomplete).Length);
        _hub.Fault = (_, answer) => answer;

        var outcome = Run("pull");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(file.Bytes, File.ReadAllBytes(Assert.Single(outcome.OutLines)));
        Assert.Equal(100_000, _hub.Requests.Last(request => request.IsCdn).From);
    }

    [Fact]
    public void One_file_of_two_is_code_6_and_words_that_nobody_knows_are_code_2()
    {
        Serve("m.gguf");
        Manifest("m.gguf", "Q8_0, repo: org/name, path: other.gguf");

        var outcome = Run("pull", "m");

        Assert.Equal(6, outcome.ExitCode);
        Assert.Single(outcome.OutLines);
        Assert.Contains(
            "echorate: m:Q8_0: org/name/other.gguf: org/name has no such file",
            outcome.Error
        );
        Assert.Equal("echorate: unknown model 'n'; there are: m\n", Run("pull", "n").Error);
        Assert.Equal(2, Run("pull", "m:Q9").ExitCode);
        Assert.Equal(
            (
                2,
                "echorate: ':Q8_0' is not allowed; allowed: a model's name, or name:quantization, as in gemma2-2b:Q8_0\n"
            ),
            (Run("pull", ":Q8_0").ExitCode, Run("pull", ":Q8_0").Error)
        );
    }

    [Fact]
    public void A_run_fetches_a_small_model_that_it_names_and_says_what_it_is_before()
    {
        var file = Serve("m.gguf");
        FirstRunManifest(file);

        var first = Measure("first", "--model", "m");
        var asked = _hub.Requests.Count;
        var second = Measure("second", "--model", "m");

        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Contains(
            "m F16 is not here and is fetched: "
                + Size(file)
                + ", org/name, A licence (https://example.org/)",
            first.Error
        );
        Assert.True(second.ExitCode == 0, second.Error);
        Assert.DoesNotContain("fetched", second.Error);
        Assert.Equal(asked, _hub.Requests.Count);
        Assert.Contains("gives words back", Run("list").Out);
    }

    [Fact]
    public void A_run_fetches_nothing_that_is_not_named_or_no_first_run()
    {
        var file = Serve("m.gguf");
        FirstRunManifest(file);
        Assert.Equal(5, Measure("all").ExitCode);

        Manifest("m.gguf");
        Assert.Equal(5, Measure("large", "--model", "m").ExitCode);

        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void A_first_run_without_its_hub_says_how_to_bring_the_file_and_leaves_nothing()
    {
        var file = Serve("m.gguf");
        FirstRunManifest(file);
        _hub.Files.Clear();

        var outcome = Measure("run", "--model", "m");

        Assert.Equal(3, outcome.ExitCode);
        Assert.EndsWith(
            "echorate: nothing was run; the same command tries again, or bring the file yourself (m.gguf of org/name) and name it: echorate run --file PATH.gguf\n",
            outcome.Error
        );
        Assert.False(Directory.Exists(_folder.At("run")));
    }

    [Theory]
    [InlineData("--items verbs", 2, "--items: 'verbs' is not allowed")]
    [InlineData("--reference Q9", 2, "--reference: no file of this run is 'Q9'; there are: F16")]
    [InlineData("--out taken", 3, "taken: is a file")]
    public void A_first_run_that_cannot_be_is_refused_before_the_download(
        string option,
        int code,
        string problem
    )
    {
        FirstRunManifest(Serve("m.gguf"));
        _folder.Write("taken", "a file");

        var outcome = Run([.. $"run --model m {option}".Split(' ')]);

        Assert.Equal(code, outcome.ExitCode);
        Assert.Contains(problem, Assert.Single(outcome.ErrorLines));
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void A_first_run_that_was_stopped_in_its_download_goes_on_with_the_same_words()
    {
        const int ctrlC = 2;
        Signals.SkipWhereIgnored(ctrlC);
        var file = Serve("m.gguf");
        FirstRunManifest(file);
        _hub.Fault = (request, answer) =>
            request.IsCdn ? answer with { StallAt = 100_000 } : answer;
        using (
            var program = Echorate.Start(
                _folder.Path,
                Environment(isRun: true),
                "run --model m --items words --prompts published --threads 1 --out run"
            )
        )
        {
            var incomplete = _folder.At($"hub/models--org--name/blobs/{file.Sha256}.incomplete");
            Assert.True(
                SpinWait.SpinUntil(
                    () => new FileInfo(incomplete) is { Exists: true, Length: 100_000 },
                    TimeSpan.FromMinutes(1)
                )
            );
            program.Signal(ctrlC);
            var stopped = program.WaitForEnd(TimeSpan.FromMinutes(1));
            Assert.Equal(130, stopped.ExitCode);
            Assert.Contains("the same command goes on with it", stopped.Error);
        }
        _hub.Fault = (_, answer) => answer;

        var outcome = Measure("run", "--model", "m");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal(100_000, _hub.Requests.Last(request => request.IsCdn).From);
    }

    [Fact]
    public void The_demo_names_a_real_model_that_the_repositorys_manifest_has()
    {
        var first = FirstRun.Find(Repository.Root)!;

        Assert.StartsWith(
            $"echorate run --model gemma-3-270m --quant Q4_K_M ({QuantizeWords.Size(253_113_024)}, gives nearly every word back",
            FirstRun.Describe(first)
        );
        var nowhere = Echorate.Run(_folder.Path, "demo --real --out run");
        Assert.Equal(2, nowhere.ExitCode);
        Assert.StartsWith(
            "echorate: --real: no gguf-manifest.yaml with a small model in ",
            Assert.Single(nowhere.ErrorLines)
        );
        Assert.False(Directory.Exists(_folder.At("run")));
    }

    private static string Size(HubFile file) => QuantizeWords.Size(file.Bytes.Length);

    private void FirstRunManifest(HubFile file) =>
        File.WriteAllText(
            _folder.At("gguf-manifest.yaml"),
            $$"""
            schema_version: 1
            models:
            - name: m
              shows: gives words back
              licence: { name: A licence, url: "https://example.org/" }
              files:
              - { quant: F16, repo: org/name, path: {{file.Path}}, bytes: {{file.Bytes.Length}}, sha256: {{file.Sha256}} }

            """
        );

    private HubFile Serve(string path)
    {
        var bytes = new MemoryStream();
        Miniatures.Gemma.Write(bytes);
        var file = new HubFile("org/name", Commit, path, bytes.ToArray());
        _hub.Files.Add(file);
        return file;
    }

    private void Manifest(string path, string? more = null) =>
        File.WriteAllText(
            _folder.At("gguf-manifest.yaml"),
            $"schema_version: 1\nmodels:\n- name: m\n  files:\n  - {{ quant: F16, repo: org/name, path: {path} }}\n"
                + (more is null ? "" : $"  - {{ quant: {more} }}\n")
        );

    private Dictionary<string, string?> Environment(bool isRun = false) =>
        new()
        {
            ["HF_ENDPOINT"] = _hub.Endpoint.AbsoluteUri,
            ["HF_HUB_CACHE"] = _folder.At("hub"),
            ["HF_TOKEN"] = Token,
            // A run needs the user's own libraries; a pull keeps its memory of hashes there.
            ["ECHORATE_HOME"] = isRun
                ? System.Environment.GetEnvironmentVariable("ECHORATE_HOME")
                : _folder.At("home"),
        };

    private Outcome Run(params string[] arguments) =>
        Echorate.Run(_folder.Path, Environment(), arguments);

    private Outcome Measure(string folder, params string[] more) =>
        Echorate.Run(
            _folder.Path,
            Environment(isRun: true),
            [
                .. $"run --items words --prompts published --continue-tokens 0 --threads 1 --out {folder}".Split(
                    ' '
                ),
                .. more,
            ]
        );

    private JsonElement Listed() =>
        JsonDocument.Parse(Run("list", "--json").Out).RootElement.GetProperty("files")[0];
}
