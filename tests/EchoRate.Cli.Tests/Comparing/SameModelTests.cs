namespace EchoRate.Cli.Tests.Comparing;

/// <summary>Which files are taken for quantizations of one model, and what they are called: as people name and rename their files.</summary>
public sealed class SameModelTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_base_and_an_instruct_model_both_named_ggml_model_are_kept_apart()
    {
        Copy("demo-echo-F16", "base/ggml-model-f16.gguf", "Demo Echo", "base");
        Copy("demo-echo-Q8_0", "it/ggml-model-Q8_0.gguf", "Demo Echo It", "it");
        string[] files = ["base/ggml-model-f16.gguf", "it/ggml-model-Q8_0.gguf"];

        var (run, outcome) = Measure(files);

        Assert.Contains(
            "because general.name is 'Demo Echo It' in the one and 'Demo Echo' in the other; to compare them: --same-model yes",
            outcome.Error
        );
        Assert.Equal(
            ["ggml-model (Demo Echo)", "ggml-model (Demo Echo It)"],
            run.Files.Rows.Select(row => row["model"])
        );
        Assert.Empty(Ladder(run));

        (run, outcome) = Measure([.. files, "--same-model=yes"]);

        Assert.Equal(["F16 Q8_0"], Ladder(run));
        Assert.Contains("Warning: --same-model yes says that", outcome.Error);
    }

    [Fact]
    public void Odd_spellings_of_one_model_are_one_ladder_and_another_name_is_said()
    {
        File.Copy(demo.Model("demo-echo-F16"), _folder.At("Demo-Echo-F16.gguf"));
        File.Copy(demo.Model("demo-echo-Q8_0"), _folder.At("demo-echo Q8_0.gguf"));
        File.Copy(demo.Model("demo-echo-Q6_K"), _folder.At("demo_echo-q6_k (1).gguf"));
        File.Copy(demo.Model("demo-echo-Q2_K"), _folder.At("other-Q2_K.gguf"));

        var (run, outcome) = Measure([
            "Demo-Echo-F16.gguf",
            "demo-echo Q8_0.gguf",
            "demo_echo-q6_k (1).gguf",
            "other-Q2_K.gguf",
        ]);

        Assert.Equal(["F16 Q8_0", "F16 Q6_K"], Ladder(run));
        Assert.Contains("other-Q2_K.gguf with ", outcome.Error);
        Assert.Contains("because their files have other names; to compare them:", outcome.Error);

        (run, _) = Measure(["Demo-Echo-F16.gguf", "demo-echo Q8_0.gguf", "--same-model=no"]);

        Assert.Empty(Ladder(run));
    }

    [Fact]
    public void Three_UD_quantizations_of_one_file_type_bear_their_own_labels()
    {
        foreach (var label in new[] { "Q4_K_M", "UD-Q4_K_XL", "UD-Q2_K_XL" })
        {
            File.Copy(demo.Model("demo-echo-Q4_K_M"), _folder.At($"m-{label}.gguf"));
        }

        var (run, outcome) = Measure([
            "m-UD-Q4_K_XL.gguf",
            "m-UD-Q2_K_XL.gguf",
            "m-Q4_K_M.gguf",
            "--reference=q4_k_m",
        ]);

        Assert.Equal(["Q4_K_M UD-Q4_K_XL", "Q4_K_M UD-Q2_K_XL"], Ladder(run));
        Assert.All(run.Files.Rows, row => Assert.Equal("Q4_K_M", row["quant"]));
        Assert.Contains("m UD-Q2_K_XL", outcome.Out);
        Assert.Contains("|  5.4 |", outcome.Out);

        var ambiguous = Run(["m-UD-Q4_K_XL.gguf", "m-UD-Q2_K_XL.gguf", "--reference=Q4_K_M"]);

        Assert.Equal(2, ambiguous.ExitCode);
        Assert.Equal(
            "echorate: --reference: 'Q4_K_M' is 2 files of m; name one of them: UD-Q4_K_XL, UD-Q2_K_XL\n",
            ambiguous.Error
        );
    }

    [Fact]
    public void A_manifest_that_calls_the_2_bit_file_F16_does_not_make_it_the_reference()
    {
        Manifest(
            "    family: gemma2\n    tuning: it\n",
            $"quant: F16, path: '{demo.Model("demo-echo-Q2_K")}'",
            $"quant: Q2_K, path: '{demo.Model("demo-echo-F16")}'"
        );

        var (run, outcome) = Measure(["--manifest=m.yaml"]);

        Assert.Equal(["F16 Q2_K"], Ladder(run));
        Assert.Contains(
            "Warning: one Q2_K: the manifest says quant F16, its header Q2_K; the header counts (flag manifest_contradicts_header)",
            outcome.Error
        );
        Assert.All(
            run.Echo.Rows.Concat(run.Files.Rows),
            row => Assert.Equal("manifest_contradicts_header", row["flags"])
        );
        Assert.All(run.Files.Rows, row => Assert.Equal("gemma", row["family"]));
        Assert.Equal("F16", run.Compare.Rows[0]["a_label"]);
    }

    [Fact]
    public void A_manifest_takes_labels_and_an_ambiguous_quant_is_refused()
    {
        File.Copy(demo.Model("demo-echo-Q4_K_M"), _folder.At("a.gguf"));
        Manifest(
            "",
            $"quant: F16, path: '{demo.Model("demo-echo-F16")}'",
            "quant: UD-Q4_K_XL, path: a.gguf",
            "quant: Q4_K_M, label: mine, path: a.gguf"
        );

        var (run, _) = Measure(["--manifest=m.yaml", "--quant=ud-q4_k_xl,mine"]);

        Assert.Equal(
            ["Q4_K_M UD-Q4_K_XL", "Q4_K_M mine"],
            run.Files.Rows.Select(row => $"{row["quant"]} {row["label"]}")
        );
        var ambiguous = Run(["--manifest=m.yaml", "--quant=Q4_K_M"]);
        Assert.Equal(
            (2, "echorate: quant 'Q4_K_M' is 2 files of one; name one of them: UD-Q4_K_XL, mine\n"),
            (ambiguous.ExitCode, ambiguous.Error)
        );
    }

    [Fact]
    public void A_file_named_F16_that_is_a_Q2_K_is_called_what_it_is()
    {
        File.Copy(demo.Model("demo-echo-Q2_K"), _folder.At("m-F16.gguf"));

        var (run, outcome) = Measure(["m-F16.gguf"]);

        Assert.Contains("its name says F16, its header Q2_K; the header counts", outcome.Error);
        Assert.All(
            run.Echo.Rows.Concat(run.Files.Rows),
            row =>
                Assert.Equal(
                    ("Q2_K", "Q2_K", "name_contradicts_header"),
                    (row["quant"], row["label"], row["flags"])
                )
        );
    }

    // In the order that no rule favours: the file that may be of either first.
    [Fact]
    public void A_file_that_may_be_of_either_model_is_compared_with_neither()
    {
        Copy("demo-echo-F16", "base-F16.gguf", "Demo Echo", "base");
        Copy("demo-echo-F16", "it-F16.gguf", "Demo Echo It", "it");
        var nameless = GgufWriter.CopyOf(GgufFile.Read(demo.Model("demo-echo-Q8_0")));
        nameless.Remove(GgufKeys.Name);
        nameless.Write(_folder.At("ggml-model-Q8_0.gguf"));

        var (run, outcome) = Measure(["ggml-model-Q8_0.gguf", "it-F16.gguf", "base-F16.gguf"]);

        Assert.Empty(Ladder(run));
        Assert.Contains("because general.name is 'Demo Echo", outcome.Error);
        Assert.Contains("because its header does not say which model it is of", outcome.Error);
    }

    private static IEnumerable<string> Ladder(RunOnDisk run) =>
        run
            .Compare.Rows.Where(row => row["contrast"] == "quant" && row["probe"] == "echo")
            .Select(row => $"{row["a_label"]} {row["b_label"]}");

    private void Copy(string name, string path, string title, string finetune)
    {
        var writer = GgufWriter.CopyOf(GgufFile.Read(demo.Model(name)));
        writer.Set(GgufKeys.Name, GgufValue.Text(title));
        writer.Set("general.finetune", GgufValue.Text(finetune));
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(path))!);
        writer.Write(_folder.At(path));
    }

    private void Manifest(string model, params string[] files) =>
        _folder.Write(
            "m.yaml",
            "schema_version: 1\nmodels:\n  - name: one\n"
                + model
                + "    files:\n"
                + string.Concat(files.Select(file => $"      - {{ {file} }}\n"))
        );

    private Outcome Run(string[] words)
    {
        if (Directory.Exists(_folder.At("r")))
        {
            Directory.Delete(_folder.At("r"), recursive: true);
        }
        const string Rest =
            "--items words --prompts published --arms without --continue-tokens 0 --no-check --threads 1 --csv data --out r";
        return Echorate.Run(
            _folder.Path,
            [
                "run",
                .. words.SelectMany(word =>
                    word.StartsWith("--") ? (string[])[word] : ["--file", word]
                ),
                .. Rest.Split(' '),
            ]
        );
    }

    private (RunOnDisk Run, Outcome Outcome) Measure(string[] words)
    {
        var outcome = Run(words);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return (new RunOnDisk(_folder.At("r")), outcome);
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
