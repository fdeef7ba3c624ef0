namespace EchoRate.Cli.Tests.Comparing;

/// <summary>Files of one ladder whose headers turn the same words into other ids: what people called quantization was another input.</summary>
public sealed class OtherInputTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_file_with_another_BOS_is_not_compared_behind_BOS()
    {
        Copy("demo-echo-Q6_K", writer => writer.Set(GgufKeys.Bos, GgufValue.U32(1)));

        var (run, outcome) = Measure("--arms without,with,neutral --neutral 1");

        Assert.Contains(
            "Warning: demo-echo Q6_K: 28 pairs are left out of every comparison with F16, because other ids went in: BOS id 1, not 2",
            outcome.Error
        );
        var contrasts = run
            .Compare.Rows.Where(row => row["contrast"] == "quant" && row["probe"] == "echo")
            .ToList();
        // EOS is BOS in one of them: its neutral rows are fewer, and the others are held against their like all the same.
        Assert.Equal(
            ["without 27 0 27", "with 0 27 0", "neutral 54 0 54"],
            contrasts.Select(row =>
                $"{row["b_arm"]} {row["items"]} {row["inputs_differ"]} {row["kld_items"]}"
            )
        );
        Assert.All(
            contrasts,
            row => Assert.Equal(row["b_arm"] == "with" ? "inputs_differ" : "", row["flags"])
        );
        Assert.Equal(
            "pairs left out because their input_ids differ: 27 (BOS id 1, not 2)",
            contrasts[1]["reason"]
        );
        Assert.All(
            run.Echo.Rows.Where(row => row["quant"] == "Q6_K"),
            row =>
            {
                var isOther = row["arm"] == "with";
                Assert.Equal(isOther ? "inputs_differ" : "", row["flags"]);
                Assert.Equal(
                    isOther,
                    row["reference_file_id"] + row["kld_nat"] + row["flip"] == ""
                );
            }
        );
        // Each side's own rate stays.
        Assert.All(run.Summary.Rows, row => Assert.NotEqual("", row["rate"]));
        // Arms of one file differ in what stands in front, and that is what they are compared for.
        Assert.All(
            run.Compare.Rows.Where(row => row["contrast"] == "arm"),
            row => Assert.Equal("0", row["inputs_differ"])
        );
    }

    [Fact]
    public void Prompts_that_get_a_space_in_front_in_one_file_are_not_compared()
    {
        Copy("demo-echo-Q6_K", writer => writer.Set(GgufKeys.AddSpacePrefix, GgufValue.Bool(true)));

        var (run, outcome) = Measure("--arms without --prompts ioi");

        Assert.Contains("because other ids went in: space prefix true, not false", outcome.Error);
        var completion = Assert.Single(
            run.Compare.Rows,
            row => row["probe"] == "completion" && row["contrast"] == "quant"
        );
        Assert.Equal(("0", "60"), (completion["items"], completion["inputs_differ"]));
        Assert.All(
            run.Completion.Rows.Where(row => row["quant"] == "Q6_K"),
            row => Assert.Equal("", row["kld_nat"] + row["reference_next_id"] + row["flip"])
        );
    }

    private void Copy(string name, Action<GgufWriter> change)
    {
        var writer = GgufWriter.CopyOf(GgufFile.Read(demo.Model(name)));
        change(writer);
        writer.Write(_folder.At(name + ".gguf"));
    }

    // The F16 file is the demo's own, unless a test has made another.
    private (RunOnDisk Run, Outcome Outcome) Measure(string options)
    {
        var reference = _folder.At("demo-echo-F16.gguf");
        if (!File.Exists(reference))
        {
            File.Copy(demo.Model("demo-echo-F16"), reference);
        }
        var outcome = Echorate.Run(
            _folder.Path,
            "run --file demo-echo-F16.gguf --file demo-echo-Q6_K.gguf --items words --continue-tokens 0 --threads 1 --csv data --out r "
                + (options.Contains("--prompts") ? options : options + " --prompts published")
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return (new RunOnDisk(_folder.At("r")), outcome);
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
