using EchoRate.Cli.Pulling;
using EchoRate.Cli.Quantizing;
using EchoRate.Tests.Hub.Loopback;

namespace EchoRate.Cli.Tests.Hub;

/// <summary>The program against a hub on loopback: pull, list, run, and what none of them ever prints.</summary>
public sealed class PullTests : ProgramTests
{
    private const string Token = "hf_thisIsASecret";
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private const string Words =
        "run --items words --prompts published --continue-tokens 0 --no-check";

    private readonly LoopbackHub _hub = new();
    private readonly HubFile _file;

    public PullTests()
    {
        Variables["HF_ENDPOINT"] = _hub.Endpoint.AbsoluteUri;
        Variables["HF_HUB_CACHE"] = Folder.At("hub");
        Variables["HF_TOKEN"] = Token;
        var bytes = new MemoryStream();
        Miniatures.Gemma.Write(bytes);
        _file = new HubFile("org/name", Commit, "m.gguf", bytes.ToArray());
        _hub.Files.Add(_file);
        Manifest();
    }

    public override void Dispose()
    {
        _hub.Dispose();
        base.Dispose();
    }

    [Fact]
    public void A_model_is_pulled_listed_and_measured_and_a_changed_one_is_not()
    {
        var first = Run("pull m:F16");
        var path = Assert.Single(first.OutLines);
        Assert.Equal(_file.Bytes, File.ReadAllBytes(path));
        Assert.EndsWith(Path.Combine("snapshots", Commit, "m.gguf"), path);
        Assert.Contains("fetched and verified", first.Error);
        Assert.Contains(_file.Sha256, File.ReadAllText(Folder.At("gguf-manifest.lock.yaml")));

        var asked = _hub.Requests.Count;
        Assert.Contains("here, verified before", Run("pull").Error);
        Assert.Equal(asked, _hub.Requests.Count);
        var listed = Listed();
        Assert.Equal(
            ("yes", "yes", $"{_file.Bytes.Length}"),
            (listed.Text("here"), listed.Text("verified"), listed.Text("bytes"))
        );
        Assert.Contains("| m ", Run("list").Out);

        var source = Measure(Words).Info.Each("files").Single().At("source");
        Assert.Equal(
            ("org/name", Commit, _file.Sha256),
            (source.Text("repo"), source.Text("revision"), source.At("sha256")[0].ToString())
        );

        var bytes = (byte[])_file.Bytes.Clone();
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal("no", Listed().Text("verified"));
        var changed = Measure(5, Words + " --out changed");
        Assert.Contains($"the manifest says {_file.Sha256}", changed.Files.Rows[0]["reason"]);
        Assert.Contains("it is fetched again", Run("pull").Error);
        Assert.Equal(_file.Bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_gated_model_says_what_to_do_and_the_token_is_never_printed_or_passed_on()
    {
        _hub.Gated["org/name"] = "another";
        var refused = Run("pull");
        _hub.Gated["org/name"] = Token;
        var allowed = Run("pull");

        Assert.Equal((3, 0), (refused.ExitCode, allowed.ExitCode));
        Assert.Contains("the licence must be accepted first", refused.Error);
        Assert.DoesNotContain(Token, refused.Error + refused.Out + allowed.Error + allowed.Out);
        Assert.DoesNotContain(
            _hub.Requests,
            request => request.IsCdn && request.Authorization is not null
        );
    }

    [Theory]
    [InlineData("pull", 9)]
    [InlineData(Words + " --model m --threads 1 --out r", 2)]
    public void What_was_stopped_in_its_download_goes_on_with_the_same_words(
        string words,
        int signal
    )
    {
        Processes.SkipWhereHidden(signal);
        Manifest(isFirstRun: true);
        _hub.Fault = (request, answer) =>
            request.IsCdn ? answer with { StallAt = 100_000 } : answer;
        using (var program = Start(words))
        {
            program.WaitForFile(
                Folder.At("hub/models--org--name/blobs"),
                _file.Sha256 + ".incomplete",
                99_999
            );
            program.Signal(signal);
            var stopped = program.WaitForEnd(TimeSpan.FromMinutes(1));
            Assert.Equal(signal == 9 ? 128 + 9 : 130, stopped.ExitCode);
            Assert.Equal(signal == 2, stopped.Error.Contains("the same command goes on with it"));
        }
        _hub.Fault = (_, answer) => answer;

        var outcome = Run(words);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal(100_000, _hub.Requests.Last(request => request.IsCdn).From);
    }

    [Fact]
    public void One_file_of_two_is_code_6()
    {
        Manifest("Q8_0, repo: org/name, path: other.gguf");

        var outcome = Run("pull m");

        Assert.Equal(6, outcome.ExitCode);
        Assert.Single(outcome.OutLines);
        Assert.Contains(
            "echorate: m:Q8_0: org/name/other.gguf: org/name has no such file",
            outcome.Error
        );
        Assert.Equal(2, Run("pull m:Q9").ExitCode);
    }

    [Fact]
    public void A_run_fetches_a_small_model_that_it_names_and_says_what_it_is_before()
    {
        Manifest(isFirstRun: true);

        var first = Measure(Words + " --model m");
        var asked = _hub.Requests.Count;
        var second = Measure(Words + " --model m --out second");

        Assert.Contains(
            $"m F16 is not here and is fetched: {QuantizeWords.Size(_file.Bytes.Length)}, org/name, A licence (https://example.org/)",
            first.Outcome.Error
        );
        Assert.DoesNotContain("fetched", second.Outcome.Error);
        Assert.Equal(asked, _hub.Requests.Count);
        Assert.Contains("gives words back", Run("list").Out);
    }

    [Fact]
    public void A_run_fetches_nothing_that_is_not_named_is_no_first_run_or_cannot_be()
    {
        Measure(5, Words + " --model m");
        Manifest(isFirstRun: true);
        Measure(5, Words + " --out all");
        Folder.Write("taken", "a file");
        Refuses(2, "--items: 'verbs' is not allowed…", "run --model m --items verbs");
        Refuses(
            2,
            "--reference: no file of this run is 'Q9'; there are: F16",
            "run --model m --reference Q9"
        );
        Refuses(3, "{folder}/taken: is a file…", "run --model m --out taken");

        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void A_first_run_without_its_hub_says_how_to_bring_the_file_and_leaves_nothing()
    {
        Manifest(isFirstRun: true);
        _hub.Files.Clear();

        var outcome = Run(Words + " --model m --out r");

        Assert.Equal(3, outcome.ExitCode);
        Assert.EndsWith(
            "echorate: nothing was run; the same command tries again, or bring the file yourself (m.gguf of org/name) and name it: echorate run --file PATH.gguf\n",
            outcome.Error
        );
        Assert.False(Directory.Exists(Folder.At("r")));
    }

    [Fact]
    public void The_demo_names_a_real_model_that_the_repositorys_manifest_has() =>
        Assert.StartsWith(
            $"echorate run --model gemma-3-270m --quant Q4_K_M ({QuantizeWords.Size(253_113_024)}, gives nearly every word back",
            FirstRun.Describe(FirstRun.Find(Repository.Root)!)
        );

    // A file of it, known well or hardly, and another one where a test needs two.
    private void Manifest(string? more = null, bool isFirstRun = false) =>
        Folder.Write(
            "gguf-manifest.yaml",
            "schema_version: 1\nmodels:\n- name: m\n"
                + (
                    isFirstRun
                        ? "  shows: gives words back\n  licence: { name: A licence, url: \"https://example.org/\" }\n"
                        : ""
                )
                + "  files:\n  - { quant: F16, repo: org/name, path: m.gguf"
                + (isFirstRun ? $", bytes: {_file.Bytes.Length}, sha256: {_file.Sha256}" : "")
                + " }\n"
                + (more is null ? "" : $"  - {{ quant: {more} }}\n")
        );

    private JsonElement Listed() => Run("list --json").Json.Each("files").Single();
}
