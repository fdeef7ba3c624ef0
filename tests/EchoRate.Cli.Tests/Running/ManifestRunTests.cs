using System.Security.Cryptography;

namespace EchoRate.Cli.Tests.Running;

/// <summary>Runs by manifest: what is here is measured, what is not is said in rows.</summary>
public sealed class ManifestRunTests(DemoRun demo) : ProgramTests
{
    private const string Words =
        "run --items words --prompts published --continue-tokens 0 --no-check ";

    [Fact]
    public void The_shipped_manifest_says_for_every_file_where_to_get_it()
    {
        var run = Measure(
            5,
            Words,
            "--manifest",
            Path.Combine(Repository.Root, "gguf-manifest.yaml")
        );

        Assert.NotEmpty(run.Files.Rows);
        Assert.Equal(2 * run.Files.Rows.Count, run.Echo.Rows.Count);
        Assert.Equal(2 * run.Files.Rows.Count, run.Completion.Rows.Count);
        Assert.All(
            run.Echo.Rows.Concat(run.Completion.Rows),
            row =>
            {
                Assert.Equal("not_here ", row.Tell("status input_ids"));
                Assert.Contains("hf download ", row["reason"]);
                Assert.Contains("https://huggingface.co/", row["reason"]);
            }
        );
        Assert.Equal([" "], run.Echo.Tell("item item_set").Distinct());
        Assert.Equal([""], run.Summary.Tell("rate").Distinct());
    }

    [Fact]
    public void What_the_manifest_says_of_a_model_is_in_its_rows_and_what_is_not_here_is_rows_too()
    {
        var model = File.ReadAllBytes(demo.Model("demo-echo-F16"));
        var hash = Hash(model);
        Manifest(
            $"F16, path: m.gguf, bytes: {model.Length}, sha256: {hash}",
            "Q8_0, path: nowhere.gguf"
        );

        var run = Measure(6, Words);

        Assert.Equal(
            [
                $"sha256:{hash} one gemma base somebody/one ok ",
                $" one gemma base somebody/one not_here no such file: {Folder.At("nowhere.gguf")}",
            ],
            run.Files.Tell("sha256 model family tuning source status reason")
        );
        Assert.Equal(
            [.. Enumerable.Repeat("ok", 2 * 27), "not_here", "not_here"],
            run.Echo.Tell("status")
        );
        Assert.Contains("not here", run.Outcome.Error);
        Assert.Equal(
            Hash(File.ReadAllBytes(Folder.At("gguf-manifest.yaml"))),
            run.Info.Text("manifest.sha256")
        );
    }

    [Fact]
    public void Another_content_another_size_and_a_damaged_file_fail_alone()
    {
        var model = File.ReadAllBytes(demo.Model("demo-echo-F16"));
        var wrong = new string('0', 64);
        Folder.Write("cut.gguf", model[..5000]);
        Manifest(
            $"F16, path: m.gguf, sha256: {wrong}",
            "Q8_0, path: m.gguf, bytes: 5",
            "Q6_K, path: cut.gguf",
            "Q4_0, path: m.gguf"
        );

        var run = Measure(6, Words);

        Assert.Equal(["failed", "failed", "failed", "ok"], run.Files.Tell("status").Order());
        var path = Folder.At("m.gguf");
        Assert.Contains(
            $"{path}: sha256 is {Hash(model)}; the manifest says {wrong}",
            run.Files.Tell("reason")
        );
        Assert.Contains($"{path} has 7050240 bytes, the manifest says 5", run.Files.Tell("reason"));
        Assert.Equal(2 * 3 + 2 * 27, run.Echo.Rows.Count);
    }

    [Fact]
    public void Model_quant_and_file_choose_what_is_run()
    {
        Manifest(
            "F16, path: m.gguf",
            "Q8_0, path: nowhere.gguf }\n  - name: two\n    files:\n      - { quant: F16, path: m.gguf",
            "Q8_0, path: elsewhere.gguf"
        );
        var plain = demo.Model("demo-plain-Q2_K");

        Chosen(0, "--quant f16", "one F16", "two F16");
        Chosen(6, "--model two", "two F16", "two Q8_0");
        Chosen(5, "--model two,one --quant Q8_0", "one Q8_0", "two Q8_0");
        Chosen(
            0,
            $"--manifest gguf-manifest.yaml --model one --quant F16 --file {plain}",
            "demo-plain Q2_K",
            "one F16"
        );
        // A file alone runs alone, whatever manifest lies about.
        Folder.Write("gguf-manifest.yaml", "\t not even YAML");
        Chosen(0, $"--file {plain}", "demo-plain Q2_K");
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private void Chosen(int code, string options, params string[] files)
    {
        var run = Measure(
            code,
            $"{Words}{options} --out r{Directory.GetDirectories(Folder.Path).Length}"
        );
        Assert.Equal(files, run.Files.Tell("model quant").Order());
    }

    private void Manifest(params string[] files)
    {
        Folder.Write("m.gguf", File.ReadAllBytes(demo.Model("demo-echo-F16")));
        Folder.Write(
            "gguf-manifest.yaml",
            "schema_version: 1\nmodels:\n  - name: one\n    family: gemma\n    tuning: base\n    source: somebody/one\n    files:\n"
                + string.Concat(files.Select(file => $"      - {{ quant: {file} }}\n"))
        );
    }
}
