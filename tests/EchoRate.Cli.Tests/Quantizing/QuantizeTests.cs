using System.Security.Cryptography;

namespace EchoRate.Cli.Tests.Quantizing;

/// <summary><c>echorate quantize</c> where it does what it is asked.</summary>
public sealed class QuantizeTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Files_bear_the_models_name_and_the_type_are_as_large_as_was_said_and_say_what_they_were_made_from()
    {
        string[] paths =
        [
            _folder.At("new", "folder", "stories260K-Q8_0.gguf"),
            _folder.At("new", "folder", "stories260K-Q4_K_M.gguf"),
        ];

        var outcome = Quantize(TrainedRun.Model(), "--to Q8_0,q4_k --out new/folder");

        Assert.Equal(paths, outcome.OutLines);
        Assert.Equal(paths.Order(), Files("new/folder"));
        var sizes = outcome.ErrorLines.Where(line => line.StartsWith("  stories")).ToList();
        foreach (var (path, said) in paths.Zip(sizes))
        {
            var bytes = long.Parse(said.Split(": ")[1].Split(" bytes")[0].Replace(",", ""));
            Assert.InRange(bytes - new FileInfo(path).Length, -1024, 64);
            var of = ModelFacts.From(GgufFile.Read(path));
            Assert.EndsWith($", {of.BitsPerWeight:F2} bits per weight", said);
        }
        Assert.Contains(
            outcome.ErrorLines,
            line =>
                line.StartsWith("    falls back: Q4_K → Q5_0 (rows of 64): token_embd.weight, ")
                && line.Contains("blk.*.attn_q.weight ×5")
        );
        Assert.Contains(
            outcome.ErrorLines,
            line => line.StartsWith("    falls back: Q6_K → F16 (rows of 172): ")
        );
        var file = GgufFile.Read(paths[1]);
        var facts = ModelFacts.From(file);
        Assert.Equal(("stories260K", "Q4_K_M"), (facts.Model, facts.Quantization));
        Assert.Equal(GgufTensorType.Q5_0, file.Tensor("blk.4.attn_q.weight")!.Type);
        var hash = SHA256.HashData(File.ReadAllBytes(TrainedRun.Model()));
        Assert.Equal(
            "sha256:" + Convert.ToHexStringLower(hash),
            file.Metadata.Text("echorate.source_sha256")
        );
        Assert.Equal("stories260K-f32.gguf", file.Metadata.Text("echorate.source_file"));
        Assert.Equal("Q4_K_M", file.Metadata.Text("echorate.quantize_options"));
        Assert.StartsWith("llama.cpp 0.", file.Metadata.Text("echorate.quantizer"));

        var before = File.GetLastWriteTimeUtc(paths[0]);
        var again = Quantize(TrainedRun.Model(), "--to Q8_0,Q4_0 --out new/folder");

        Assert.Equal(before, File.GetLastWriteTimeUtc(paths[0]));
        Assert.Contains(again.ErrorLines, line => line.Contains("1 file to make"));
        Assert.Contains(again.ErrorLines, line => line.EndsWith(", already here"));
        Assert.Equal(2, again.OutLines.Length);
    }

    [Fact]
    public void Without_out_they_lie_beside_the_source()
    {
        var source = _folder.Write("here/m.f32.gguf", File.ReadAllBytes(TrainedRun.Model()));

        Quantize(source, "--to Q8_0");

        Assert.Equal([_folder.At("here", "m-Q8_0.gguf"), source], Files("here"));
    }

    [Fact]
    public void What_was_made_from_an_earlier_content_of_the_source_is_made_again()
    {
        var source = _folder.Write("m-F16.gguf", File.ReadAllBytes(demo.Model("demo-echo-F16")));
        Quantize(source, "--to Q4_0");
        var before = File.ReadAllBytes(_folder.At("m-Q4_0.gguf"));
        File.Copy(demo.Model("demo-plain-F16"), source, overwrite: true);

        var outcome = Quantize(source, "--to Q4_0");

        Assert.Contains(
            outcome.ErrorLines,
            line => line.EndsWith(", made again: the source has changed")
        );
        Assert.NotEqual(before, File.ReadAllBytes(_folder.At("m-Q4_0.gguf")));
    }

    [Fact]
    public void The_source_itself_is_no_target()
    {
        var source = _folder.Write("m-F16.gguf", File.ReadAllBytes(demo.Model("demo-echo-F16")));
        var before = _folder.Snapshot();

        var outcome = Quantize(source, "--to F16");

        Assert.Equal(before, _folder.Snapshot());
        Assert.Contains(outcome.ErrorLines, line => line.EndsWith(", the source itself"));
    }

    [Fact]
    public void Every_option_that_changes_the_content_has_a_name_of_its_own()
    {
        var source = demo.Model("demo-echo-F16");

        var outcome = Quantize(source, "--to Q2_K --token-embd-type q2_k --pure --out .");

        Assert.Equal([_folder.At("demo-echo-Q2_K-embd-Q2_K-pure.gguf")], outcome.OutLines);
        var facts = ModelFacts.From(GgufFile.Read(outcome.OutLines[0]));
        Assert.Equal(
            ("demo-echo", "Q2_K", "Q2_K"),
            (facts.Model, facts.Quantization, facts.TokenEmbeddingType)
        );
    }

    [Fact]
    public void The_list_has_every_type_with_its_bits_and_needs_no_model()
    {
        var outcome = Echorate.Run(_folder.Path, "quantize --to list");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Q8_0                   8.5", outcome.OutLines);
        Assert.Contains("Q6_K                6.5625", outcome.OutLines);
        Assert.Contains("IQ2_XXS             2.0625  needs --imatrix", outcome.OutLines);
        Assert.Contains("Q4_K       is Q4_K_M", outcome.OutLines);
        Assert.Contains("block size", Assert.Single(outcome.ErrorLines));
    }

    public void Dispose() => _folder.Dispose();

    private Outcome Quantize(string source, string options)
    {
        var outcome = Echorate.Run(
            _folder.Path,
            ["quantize", source, .. options.Split(' '), "--threads", "1"]
        );
        Assert.True(outcome.ExitCode == 0, $"{outcome.ExitCode}: {outcome.Error}");
        Assert.DoesNotContain('\u001b', outcome.Out + outcome.Error);
        return outcome;
    }

    private IEnumerable<string> Files(string folder) =>
        Directory
            .GetFileSystemEntries(Path.GetFullPath(folder, _folder.Path))
            .Order(StringComparer.Ordinal);
}
