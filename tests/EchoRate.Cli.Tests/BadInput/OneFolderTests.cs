namespace EchoRate.Cli.Tests.BadInput;

/// <summary>Somebody points a manifest at a folder with everything that was ever downloaded into it.</summary>
public sealed class OneFolderTests(DemoRun demo) : ProgramTests
{
    private const string Echo = "demo-echo-F16";
    private const string Plain = "demo-plain-Q8_0";

    // What is measured, and how it is flagged.
    private static readonly (
        string Name,
        string From,
        Action<GgufWriter> Bend,
        string Flags
    )[] s_sound =
    [
        ("demo", Echo, _ => { }, ""),
        ("no-pre", Plain, writer => writer.Without("tokenizer.ggml.pre"), "no_pre_tokenizer"),
        (
            "old-gemma",
            Echo,
            writer => writer.Without("tokenizer.ggml.add_space_prefix"),
            "space_prefix_forced"
        ),
        (
            "no-bos-here",
            Plain,
            writer => writer.With("tokenizer.ggml.bos_token_id", 9_999_999),
            "bos_out_of_range"
        ),
    ];

    [Fact]
    public void Everything_in_one_folder_is_measured_or_named_and_the_run_ends_with_6()
    {
        (string Name, string Says)[] unsound =
        [
            ("eyes", "a projector (mmproj)"),
            ("words-alone", "a vocabulary alone"),
            ("embedding", "an embedding model"),
            ("torch", "PyTorch"),
        ];
        foreach (var (name, from, bend, _) in s_sound)
        {
            Bend(demo.Model(from), name + ".gguf", bend);
        }
        new GgufWriter()
            .Add("general.architecture", GgufValue.Text("clip"))
            .In(Folder, "eyes.gguf");
        BuiltFile.Vocabulary().In(Folder, "words-alone.gguf");
        Bend(
            demo.Model(Echo),
            "embedding.gguf",
            writer => writer.Add("gemma.pooling_type", GgufValue.U32(1))
        );
        Folder.Write("torch.gguf", [(byte)'P', (byte)'K', 3, 4, .. new byte[100]]);
        var names = s_sound.Select(file => file.Name).Concat(unsound.Select(file => file.Name));
        Folder.Write(
            "m.yaml",
            "schema_version: 1\nmodels:\n"
                + string.Concat(
                    names
                        .Append("gone")
                        .Select(name =>
                            $"  - {{ name: {name}, files: [{{ quant: {Quant(name)}, path: {name}.gguf }}] }}\n"
                        )
                )
        );
        Folder.Write("i.csv", "item\n John\n00123\n1e5\n12/3\nTRUE\n");

        var run = Measure(
            6,
            "run --manifest m.yaml --items words,i.csv --prompts published --continue-tokens 4 --csv excel"
        );

        Assert.DoesNotContain('\e', run.Outcome.Error + run.Outcome.Out);
        var files = run.Files.Rows.ToDictionary(row => row["model"]);
        Assert.Equal(
            s_sound.Select(file => $"{file.Name} {file.Flags}").Order(),
            run.Files.Where("status=ok").Tell("model flags").Order()
        );
        Assert.Equal("not_here", files["gone"]["status"]);
        foreach (var (name, says) in unsound)
        {
            Assert.Equal("failed", files[name]["status"]);
            Assert.Contains(says, files[name]["reason"]);
        }
        // Whoever keeps the report alone sees it too.
        var report = File.ReadAllText(Folder.At("r/report.md"));
        Assert.Contains("- eyes F16: failed: ", report);
        Assert.Contains("no_pre_tokenizer (no-pre", report.Replace("\\", ""));
        // Every file has its rows, and no cell is one that a spreadsheet converts.
        Assert.Equal(files.Count, run.Echo.Tell("model").Distinct().Count());
        Assert.Contains(run.Echo.Rows, row => row["item"] == "'00123'");
    }

    private static string Quant(string name) => name.StartsWith("no-") ? "Q8_0" : "F16";
}
