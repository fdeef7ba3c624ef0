using System.Security.Cryptography;

namespace EchoRate.Cli.Tests.Manifests;

/// <summary>Runs by manifest: what is here is measured, what is not is said in rows.</summary>
public sealed class ManifestRunTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_shipped_manifest_says_for_every_file_where_to_get_it()
    {
        var outcome = Run("--manifest", Path.Combine(Repository.Root, "gguf-manifest.yaml"));

        Assert.Equal(5, outcome.ExitCode);
        var run = Read();
        Assert.NotEmpty(run.Files.Rows);
        Assert.Equal(2 * run.Files.Rows.Count, run.Echo.Rows.Count);
        Assert.Equal(2 * run.Files.Rows.Count, run.Completion.Rows.Count);
        Assert.All(
            run.Echo.Rows.Concat(run.Completion.Rows),
            row =>
            {
                Assert.Equal("not_here", row["status"]);
                Assert.Contains("hf download ", row["reason"]);
                Assert.Contains("https://huggingface.co/", row["reason"]);
                Assert.Equal("", row["input_ids"]);
            }
        );
        Assert.All(run.Echo.Rows, row => Assert.Equal("", row["item"] + row["item_set"]));
        Assert.All(run.Summary.Rows, row => Assert.Equal("", row["rate"]));
    }

    [Fact]
    public void One_file_here_and_one_not_is_code_6()
    {
        Manifest(Entry("F16", "m.gguf"), Entry("Q8_0", "nowhere.gguf"));

        var outcome = Run();

        Assert.Equal(6, outcome.ExitCode);
        var run = Read();
        Assert.Equal(["ok", "not_here"], run.Files.Rows.Select(row => row["status"]));
        Assert.Equal($"no such file: {_folder.At("nowhere.gguf")}", run.Files.Rows[1]["reason"]);
        Assert.Equal(2 * 27 + 2, run.Echo.Rows.Count);
        Assert.All(run.Echo.Rows.SkipLast(2), row => Assert.Equal("ok", row["status"]));
        Assert.All(run.Echo.Rows.TakeLast(2), row => Assert.Equal("not_here", row["status"]));
        Assert.Contains("not here", outcome.Error);
    }

    [Fact]
    public void What_the_manifest_says_of_a_model_is_in_its_rows()
    {
        var model = File.ReadAllBytes(demo.Model("demo-echo-F16"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(model));
        Manifest(Entry("F16", "m.gguf", $", bytes: {model.Length}, sha256: {hash}"));

        Assert.Equal(0, Run().ExitCode);

        var file = Assert.Single(Read().Files.Rows);
        Assert.Equal("sha256:" + hash, file["sha256"]);
        Assert.Equal("one", file["model"]);
        Assert.Equal("gemma", file["family"]);
        Assert.Equal("base", file["tuning"]);
        Assert.Equal("somebody/one", file["source"]);
        var info = JsonDocument.Parse(File.ReadAllBytes(_folder.At("r", "run.json"))).RootElement;
        Assert.Equal(
            Convert.ToHexStringLower(
                SHA256.HashData(File.ReadAllBytes(_folder.At("gguf-manifest.yaml")))
            ),
            info.GetProperty("manifest").GetProperty("sha256").GetString()
        );
    }

    [Fact]
    public void Another_content_another_size_and_a_damaged_file_fail_alone()
    {
        var model = File.ReadAllBytes(demo.Model("demo-echo-F16"));
        var wrong = new string('0', 64);
        _folder.Write("cut.gguf", model[..5000]);
        Manifest(
            Entry("F16", "m.gguf", $", sha256: {wrong}"),
            Entry("Q8_0", "m.gguf", ", bytes: 5"),
            Entry("Q6_K", "cut.gguf"),
            Entry("Q4_0", "m.gguf")
        );

        Assert.Equal(6, Run().ExitCode);

        var files = Read().Files.Rows;
        Assert.Equal(
            ["failed", "failed", "failed", "ok"],
            files.Select(row => row["status"]).Order()
        );
        var reasons = files.Select(row => row["reason"]).ToList();
        var have = Convert.ToHexStringLower(SHA256.HashData(model));
        var path = _folder.At("m.gguf");
        Assert.Contains($"{path}: sha256 is {have}; the manifest says {wrong}", reasons);
        Assert.Contains($"{path} has 7050240 bytes, the manifest says 5", reasons);
        Assert.Equal(2 * 3 + 2 * 27, Read().Echo.Rows.Count);
    }

    [Fact]
    public void Model_and_quant_choose_from_the_manifest()
    {
        Manifest(
            Entry("F16", "m.gguf"),
            Entry("Q8_0", "nowhere.gguf") + "\n  - name: two\n    files:",
            Entry("F16", "m.gguf"),
            Entry("Q8_0", "elsewhere.gguf")
        );

        Assert.Equal(0, Run("--quant", "f16").ExitCode);
        Assert.Equal(["one F16", "two F16"], Chosen());
        Assert.Equal(6, Run("--model", "two").ExitCode);
        Assert.Equal(["two F16", "two Q8_0"], Chosen());
        Assert.Equal(5, Run("--model", "two,one", "--quant", "Q8_0").ExitCode);
        Assert.Equal(["one Q8_0", "two Q8_0"], Chosen().Order());
    }

    [Fact]
    public void Files_and_a_manifest_together_are_both_run()
    {
        Manifest(Entry("F16", "m.gguf"));

        Assert.Equal(
            0,
            Run(
                "--manifest",
                "gguf-manifest.yaml",
                "--file",
                demo.Model("demo-plain-Q2_K")
            ).ExitCode
        );
        Assert.Equal(["one F16", "demo-plain Q2_K"], Chosen());
    }

    [Fact]
    public void A_file_alone_runs_alone_whatever_manifest_lies_about()
    {
        _folder.Write("gguf-manifest.yaml", "\t not even YAML");

        Assert.Equal(0, Run("--file", demo.Model("demo-plain-Q2_K")).ExitCode);
        Assert.Equal(["demo-plain Q2_K"], Chosen());
    }

    private static string Entry(string quant, string path, string more = "") =>
        $"      - {{ quant: {quant}, path: {path}{more} }}";

    private void Manifest(params string[] entries)
    {
        _folder.Write("m.gguf", File.ReadAllBytes(demo.Model("demo-echo-F16")));
        _folder.Write(
            "gguf-manifest.yaml",
            $"""
            schema_version: 1
            models:
              - name: one
                family: gemma
                tuning: base
                source: somebody/one
                files:
            {string.Join('\n', entries)}

            """
        );
    }

    private Outcome Run(params string[] arguments)
    {
        if (Directory.Exists(_folder.At("r")))
        {
            Directory.Delete(_folder.At("r"), recursive: true);
        }
        return Echorate.Run(
            _folder.Path,
            [
                .. "run --items words --prompts published --threads 1 --csv data --out r".Split(
                    ' '
                ),
                .. arguments,
            ]
        );
    }

    private RunOnDisk Read() => new(_folder.At("r"));

    private IEnumerable<string> Chosen() =>
        Read().Files.Rows.Select(row => $"{row["model"]} {row["quant"]}");

    public void Dispose() => _folder.Dispose();
}
