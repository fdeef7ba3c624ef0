namespace EchoRate.Cli.Tests.Comparing;

/// <summary>Which files are taken for quantizations of one model, and what they are called: as people name and rename their files.</summary>
public sealed class SameModelTests(DemoRun demo) : ProgramTests
{
    private const string Rest =
        " --items words --prompts published --arms without --continue-tokens 0 --no-check --in-process --threads 1 --csv data --out r";

    [Fact]
    public void A_base_and_an_instruct_model_both_named_ggml_model_are_kept_apart()
    {
        Titled("base/ggml-model-f16.gguf", "demo-echo-F16", "Demo Echo", "base");
        Titled("it/ggml-model-Q8_0.gguf", "demo-echo-Q8_0", "Demo Echo It", "it");
        string[] files = ["base/ggml-model-f16.gguf", "it/ggml-model-Q8_0.gguf"];

        var run = Ladder("", [], files);

        Assert.Contains(
            "because general.name is 'Demo Echo It' in the one and 'Demo Echo' in the other; to compare them: --same-model yes",
            run.Outcome.Error
        );
        Assert.Equal(
            ["ggml-model (Demo Echo)", "ggml-model (Demo Echo It)"],
            run.Files.Tell("model")
        );

        run = Ladder(" --same-model yes", ["F16 Q8_0"], files);

        Assert.Contains("Warning: --same-model yes says that", run.Outcome.Error);
    }

    [Fact]
    public void Odd_spellings_of_one_model_are_one_ladder_and_another_name_is_said()
    {
        Copy("Demo-Echo-F16.gguf", "demo-echo-F16");
        Copy("demo-echo Q8_0.gguf", "demo-echo-Q8_0");
        Copy("demo_echo-q6_k (1).gguf", "demo-echo-Q6_K");
        Copy("other-Q2_K.gguf", "demo-echo-Q2_K");
        string[] files = ["Demo-Echo-F16.gguf", "demo-echo Q8_0.gguf"];

        var run = Ladder(
            "",
            ["F16 Q8_0", "F16 Q6_K"],
            [.. files, "demo_echo-q6_k (1).gguf", "other-Q2_K.gguf"]
        );

        Assert.Contains("other-Q2_K.gguf with ", run.Outcome.Error);
        Assert.Contains(
            "because their files have other names; to compare them:",
            run.Outcome.Error
        );

        Ladder(" --same-model no", [], files);
    }

    [Fact]
    public void Three_UD_quantizations_of_one_file_type_bear_their_own_labels()
    {
        foreach (var label in new[] { "Q4_K_M", "UD-Q4_K_XL", "UD-Q2_K_XL" })
        {
            Copy($"m-{label}.gguf", "demo-echo-Q4_K_M");
        }
        string[] files = ["m-UD-Q4_K_XL.gguf", "m-UD-Q2_K_XL.gguf"];

        var run = Ladder(
            " --reference q4_k_m",
            ["Q4_K_M UD-Q4_K_XL", "Q4_K_M UD-Q2_K_XL"],
            [.. files, "m-Q4_K_M.gguf"]
        );

        Assert.All(run.Files.Rows, row => Assert.Equal("Q4_K_M", row["quant"]));
        Assert.Contains("m UD-Q2_K_XL", run.Outcome.Out);
        Assert.Contains("|  5.4 |", run.Outcome.Out);
        Directory.Delete(run.Path, recursive: true);
        Refuses(
            2,
            "--reference: 'Q4_K_M' is 2 files of m; name one of them: UD-Q4_K_XL, UD-Q2_K_XL",
            $"run --file {files[0]} --file {files[1]} --reference Q4_K_M {Rest}"
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

        var run = Ladder(" --manifest m.yaml", ["F16 Q2_K"]);

        Assert.Contains(
            "Warning: one Q2_K: the manifest says quant F16, its header Q2_K; the header counts (flag manifest_contradicts_header)",
            run.Outcome.Error
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
        Copy("a.gguf", "demo-echo-Q4_K_M");
        Manifest(
            "",
            $"quant: F16, path: '{demo.Model("demo-echo-F16")}'",
            "quant: UD-Q4_K_XL, path: a.gguf",
            "quant: Q4_K_M, label: mine, path: a.gguf"
        );

        Refuses(
            2,
            "quant 'Q4_K_M' is 2 files of one; name one of them: UD-Q4_K_XL, mine",
            "run --manifest m.yaml --quant Q4_K_M" + Rest
        );
        var run = Ladder(" --manifest m.yaml --quant ud-q4_k_xl,mine", ["UD-Q4_K_XL mine"]);
        Assert.Equal(["Q4_K_M UD-Q4_K_XL", "Q4_K_M mine"], run.Files.Tell("quant label"));
    }

    [Fact]
    public void A_file_named_F16_that_is_a_Q2_K_is_called_what_it_is()
    {
        Copy("m-F16.gguf", "demo-echo-Q2_K");

        var run = Ladder("", [], "m-F16.gguf");

        Assert.Contains("its name says F16, its header Q2_K; the header counts", run.Outcome.Error);
        Assert.All(
            run.Echo.Rows.Concat(run.Files.Rows),
            row => Assert.Equal("Q2_K Q2_K name_contradicts_header", row.Tell("quant label flags"))
        );
    }

    // In the order that no rule favours: the file that may be of either first.
    [Fact]
    public void A_file_that_may_be_of_either_model_is_compared_with_neither()
    {
        Titled("base-F16.gguf", "demo-echo-F16", "Demo Echo", "base");
        Titled("it-F16.gguf", "demo-echo-F16", "Demo Echo It", "it");
        Bend(
            demo.Model("demo-echo-Q8_0"),
            "ggml-model-Q8_0.gguf",
            writer => writer.Without(GgufKeys.Name)
        );

        var run = Ladder("", [], "ggml-model-Q8_0.gguf", "it-F16.gguf", "base-F16.gguf");

        Assert.Contains("because general.name is 'Demo Echo", run.Outcome.Error);
        Assert.Contains("because its header does not say which model it is of", run.Outcome.Error);
    }

    private void Copy(string name, string model) =>
        Folder.Write(name, File.ReadAllBytes(demo.Model(model)));

    private void Titled(string path, string model, string title, string finetune) =>
        Bend(
            demo.Model(model),
            path,
            writer =>
                writer
                    .Set(GgufKeys.Name, GgufValue.Text(title))
                    .Set("general.finetune", GgufValue.Text(finetune))
        );

    private void Manifest(string model, params string[] files) =>
        Folder.Write(
            "m.yaml",
            "schema_version: 1\nmodels:\n  - name: one\n"
                + model
                + "    files:\n"
                + string.Concat(files.Select(file => $"      - {{ {file} }}\n"))
        );

    // Measures files, which must be compared so.
    private RunOnDisk Ladder(string options, string[] ladder, params string[] files)
    {
        if (Directory.Exists(Folder.At("r")))
        {
            Directory.Delete(Folder.At("r"), recursive: true);
        }
        var outcome = Run(
            "run" + options + Rest,
            [.. files.SelectMany(file => (string[])["--file", file])]
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var run = new RunOnDisk(Folder.At("r")) { Outcome = outcome };
        Assert.Equal(
            ladder,
            run.Compare.Where("contrast=quant probe=echo").Tell("a_label b_label")
        );
        return run;
    }
}
