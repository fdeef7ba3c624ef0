using System.Security.Cryptography;

namespace EchoRate.Cli.Tests.Quantizing;

/// <summary><c>echorate quantize</c> where it does what it is asked, and where something lies in its way.</summary>
public sealed class QuantizeTests(DemoRun demo) : ProgramTests
{
    private const string Elsewhere = "; move it, or choose another folder with --out";

    [Fact]
    public void Files_bear_the_models_name_and_the_type_are_as_large_as_was_said_and_say_what_they_were_made_from()
    {
        string[] paths =
        [
            Folder.At("new", "folder", "stories260K-Q8_0.gguf"),
            Folder.At("new", "folder", "stories260K-Q4_K_M.gguf"),
        ];

        var outcome = Quantize(TrainedRun.Model(), "--to Q8_0,q4_k --out new/folder");

        Assert.Equal(paths, outcome.OutLines);
        Assert.Equal(
            paths.Order(),
            Directory.GetFileSystemEntries(Folder.At("new/folder")).Order()
        );
        var sizes = outcome.ErrorLines.Where(line => line.StartsWith("  stories")).ToList();
        foreach (var (path, said) in paths.Zip(sizes))
        {
            var bytes = long.Parse(said.Split(": ")[1].Split(" bytes")[0].Replace(",", ""));
            Assert.InRange(bytes - new FileInfo(path).Length, -64, 64);
            var of = ModelFacts.From(GgufFile.Read(path));
            Assert.EndsWith($", {of.BitsPerWeight:F2} bits per weight", said);
        }
        Says(outcome, "    falls back: Q4_K → Q5_0 (rows of 64): token_embd.weight, ");
        Says(outcome, "blk.*.attn_q.weight ×5");
        Says(outcome, "    falls back: Q6_K → F16 (rows of 172): ");
        var file = GgufFile.Read(paths[1]);
        var facts = ModelFacts.From(file);
        Assert.Equal(("stories260K", "Q4_K_M"), (facts.Model, facts.Quantization));
        Assert.Equal(GgufTensorType.Q5_0, file.Tensor("blk.4.attn_q.weight")!.Type);
        var hash = SHA256.HashData(File.ReadAllBytes(TrainedRun.Model()));
        Assert.Equal(
            ("sha256:" + Convert.ToHexStringLower(hash), "stories260K-f32.gguf", "Q4_K_M"),
            (
                file.Metadata.Text("echorate.source_sha256"),
                file.Metadata.Text("echorate.source_file"),
                file.Metadata.Text("echorate.quantize_options")
            )
        );
        Assert.StartsWith("llama.cpp 0.", file.Metadata.Text("echorate.quantizer"));

        var before = File.GetLastWriteTimeUtc(paths[0]);
        var again = Quantize(TrainedRun.Model(), "--to Q8_0,Q4_0 --out new/folder");

        Assert.Equal(before, File.GetLastWriteTimeUtc(paths[0]));
        Says(again, "1 file to make");
        Says(again, ", already here");
        Assert.Equal(2, again.OutLines.Length);
        Refuses(
            2,
            "--token-embd-type: rows of token_embd.weight have 64 values, which are not whole blocks of 256 as Q6_K needs them; choose another type",
            $"quantize {TrainedRun.Model()} --to Q8_0 --token-embd-type Q6_K --out ."
        );
    }

    [Fact]
    public void Without_out_they_lie_beside_the_source_which_is_no_target_and_are_made_again_where_it_has_changed()
    {
        var source = Copy("here/m-F16.gguf", "demo-echo-F16");
        Says(Quantize(source, "--to F16,Q4_0"), ", the source itself");
        Assert.Equal(
            [source, Folder.At("here", "m-Q4_0.gguf")],
            Directory.GetFiles(Folder.At("here")).Order()
        );
        var before = File.ReadAllBytes(Folder.At("here/m-Q4_0.gguf"));
        Copy("here/m-F16.gguf", "demo-plain-F16");

        Says(Quantize(source, "--to Q4_0"), ", made again: the source has changed");

        Assert.NotEqual(before, File.ReadAllBytes(Folder.At("here/m-Q4_0.gguf")));
    }

    [Fact]
    public void Every_option_that_changes_the_content_has_a_name_of_its_own()
    {
        var outcome = Quantize(
            demo.Model("demo-echo-F16"),
            "--to Q2_K --token-embd-type q2_k --pure --out ."
        );

        Assert.Equal([Folder.At("demo-echo-Q2_K-embd-Q2_K-pure.gguf")], outcome.OutLines);
        var facts = ModelFacts.From(GgufFile.Read(outcome.OutLines[0]));
        Assert.Equal(
            ("demo-echo", "Q2_K", "Q2_K"),
            (facts.Model, facts.Quantization, facts.TokenEmbeddingType)
        );
    }

    [Fact]
    public void The_list_has_every_type_with_its_bits_and_needs_no_model()
    {
        var outcome = Run("quantize --to list");

        Assert.Equal(0, outcome.ExitCode);
        string[] some =
        [
            "Q8_0                   8.5",
            "Q6_K                6.5625",
            "IQ2_XXS             2.0625  needs --imatrix",
            "Q4_K       is Q4_K_M",
        ];
        Assert.Equal(some, some.Intersect(outcome.OutLines));
        Assert.Contains("block size", Assert.Single(outcome.ErrorLines));
    }

    [Theory]
    [InlineData(null, "is no whole GGUF file")]
    [InlineData("demo-echo-F16", "was not made by echorate quantize")]
    [InlineData("demo-echo-Q8_0", "was made from demo-echo-F16.gguf")]
    public void A_foreign_file_in_the_way_is_not_touched_and_nothing_else_is_made(
        string? model,
        string why
    )
    {
        Copy("m-F16.gguf", "demo-echo-F16");
        Folder.Write("out", "a file in the folder's place");
        Folder.Write("m-Q8_0.gguf", model is null ? [1] : File.ReadAllBytes(demo.Model(model)));

        Refuses(
            3,
            $"{{folder}}/m-Q8_0.gguf: is there already and {why}{Elsewhere}",
            "quantize m-F16.gguf --to Q6_K,Q8_0"
        );
        var before = Folder.Snapshot();
        Assert.Equal(3, Run("quantize m-F16.gguf --to Q8_0 --out out").ExitCode);
        Assert.Equal(before, Folder.Snapshot());
    }

    private string Copy(string name, string model) =>
        Folder.Write(name, File.ReadAllBytes(demo.Model(model)));

    private static void Says(Outcome outcome, string words) =>
        Assert.Contains(outcome.ErrorLines, line => line.Contains(words));

    private Outcome Quantize(string source, string options)
    {
        var outcome = Run($"quantize {source} {options} --threads 1");
        Assert.True(outcome.ExitCode == 0, $"{outcome.ExitCode}: {outcome.Error}");
        return outcome;
    }
}
