using EchoRate.Cli.Tests.Inspecting;

namespace EchoRate.Cli.Tests.BadInput;

/// <summary>Somebody points a manifest at a folder with everything that was ever downloaded into it.</summary>
public sealed class OneFolderTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _manifest = new("schema_version: 1\nmodels:\n");

    [Fact]
    public void Everything_in_one_folder_is_measured_or_named_and_the_run_ends_with_6()
    {
        Sound();
        Voids();
        NoModels();
        _folder.Write("m.yaml", _manifest.ToString());
        _folder.Write("i.csv", "item\n John\n00123\n1e5\n12/3\nTRUE\n");

        var outcome = Echorate.Run(
            _folder.Path,
            "run --manifest m.yaml --items words,i.csv --prompts published --continue-tokens 4 --threads 1 --csv excel --out r"
        );

        TestContext.Current.TestOutputHelper?.WriteLine(outcome.Error + outcome.Out);
        Assert.True(outcome.ExitCode == 6, outcome.Error);
        Assert.DoesNotContain('\e', outcome.Error + outcome.Out);
        var run = new RunOnDisk(_folder.At("r"));
        var files = run.Files.Rows.ToDictionary(row => row["model"] + " " + row["quant"]);
        Assert.Equal(
            ["demo F16", "demo Q8_0", "no-bos-here Q8_0", "no-pre Q8_0", "old-gemma F16"],
            files
                .Where(file => file.Value["status"] == "ok")
                .Select(file => file.Key)
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal("not_here", files["gone Q8_0"]["status"]);
        Assert.Equal(
            ("", "no_pre_tokenizer", "space_prefix_forced", "bos_out_of_range"),
            (
                files["demo F16"]["flags"],
                files["no-pre Q8_0"]["flags"],
                files["old-gemma F16"]["flags"],
                files["no-bos-here Q8_0"]["flags"]
            )
        );
        foreach (
            var (name, says) in new[]
            {
                ("embedding F16", "an embedding model"),
                ("both-ways F16", "every token sees the ones behind it too"),
                ("eyes F16", "a projector (mmproj)"),
                ("adapter F16", "a LoRA adapter"),
                ("picture F16", "an image or video model"),
                ("words-alone F16", "a vocabulary alone"),
                ("joined F16", "parts joined by cat"),
                ("torch F16", "PyTorch"),
            }
        )
        {
            Assert.Equal("failed", files[name]["status"]);
            Assert.Contains(says, files[name]["reason"]);
        }
        // Whoever keeps the report alone sees it too.
        var report = File.ReadAllText(_folder.At("r/report.md"));
        Assert.Contains("- eyes F16: failed: ", report);
        Assert.Contains("- no_pre_tokenizer (no-pre Q8_0)", report.Replace("\\", ""));
        // Every file has its rows, and no cell is one that a spreadsheet converts.
        Assert.Equal(
            files.Count,
            run.Echo.Rows.Select(row => (row["model"], row["quant"])).Distinct().Count()
        );
        Assert.Contains(run.Echo.Rows, row => row["item"] == "'00123'");
    }

    public void Dispose() => _folder.Dispose();

    private void Sound()
    {
        foreach (var quant in new[] { "F16", "Q8_0" })
        {
            _folder.Write(
                $"demo-{quant}.gguf",
                File.ReadAllBytes(demo.Model("demo-echo-" + quant))
            );
        }
        Name(
            "demo",
            "{ quant: F16, path: demo-F16.gguf }",
            "{ quant: Q8_0, path: demo-Q8_0.gguf }"
        );
        Name("gone", "{ quant: Q8_0, path: gone.gguf }");
    }

    private void Voids()
    {
        Bent(
            "embedding",
            "demo-echo-F16",
            "F16",
            writer => writer.Add("gemma.pooling_type", GgufValue.U32(1))
        );
        Bent(
            "both-ways",
            "demo-echo-F16",
            "F16",
            writer => writer.Add("gemma.attention.causal", GgufValue.Bool(false))
        );
        Bent("no-pre", "demo-plain-Q8_0", "Q8_0", writer => writer.Remove("tokenizer.ggml.pre"));
        Bent(
            "old-gemma",
            "demo-echo-F16",
            "F16",
            writer => writer.Remove("tokenizer.ggml.add_space_prefix")
        );
        Bent(
            "no-bos-here",
            "demo-plain-Q8_0",
            "Q8_0",
            writer => writer.Set("tokenizer.ggml.bos_token_id", GgufValue.U32(9_999_999))
        );
    }

    private void NoModels()
    {
        Alone("eyes", Keys("clip"));
        Alone("adapter", Keys("llama").Add("general.type", GgufValue.Text("adapter")));
        Alone("picture", Keys("flux"));
        Alone("words-alone", BuiltFile.Vocabulary());
        _folder.Write("torch.gguf", [(byte)'P', (byte)'K', 3, 4, .. new byte[100]]);
        Name("torch", "{ quant: F16, path: torch.gguf }");
        Alone(
            "joined",
            BuiltFile
                .Vocabulary()
                .Add("split.no", GgufValue.Number<ushort>(0))
                .Add("split.count", GgufValue.Number<ushort>(2))
        );
        using (var second = new MemoryStream())
        {
            new GgufWriter().Add("split.no", GgufValue.Number<ushort>(1)).Write(second);
            File.AppendAllBytes(_folder.At("joined.gguf"), second.ToArray());
        }

        static GgufWriter Keys(string architecture) =>
            new GgufWriter().Add("general.architecture", GgufValue.Text(architecture));
    }

    private void Bent(string name, string from, string quant, Action<GgufWriter> bend)
    {
        var writer = GgufWriter.CopyOf(GgufFile.Read(demo.Model(from)));
        bend(writer);
        writer.Write(_folder.At(name + ".gguf"));
        Name(name, $"{{ quant: {quant}, path: {name}.gguf }}");
    }

    private void Alone(string name, GgufWriter writer)
    {
        writer.Write(_folder.At(name + ".gguf"));
        Name(name, $"{{ quant: F16, path: {name}.gguf }}");
    }

    private void Name(string name, params string[] files) =>
        _manifest
            .Append($"  - name: {name}\n    files:\n")
            .AppendJoin("", files.Select(file => $"      - {file}\n"));
}
