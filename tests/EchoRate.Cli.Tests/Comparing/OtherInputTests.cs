namespace EchoRate.Cli.Tests.Comparing;

/// <summary>Files of one ladder whose headers turn the same words into other ids: what people called quantization was another input.</summary>
public sealed class OtherInputTests(DemoRun demo) : ProgramTests
{
    [Fact]
    public void A_file_with_another_BOS_is_not_compared_behind_BOS()
    {
        var run = Measure(
            writer => writer.With(GgufKeys.Bos, 1),
            "--arms without,with,neutral --neutral 1 --prompts published"
        );

        Assert.Contains(
            "Warning: demo-echo Q6_K: 28 pairs are left out of every comparison with F16, because other ids went in: BOS id 1, not 2",
            run.Outcome.Error
        );
        var contrasts = run.Compare.Where("contrast=quant probe=echo");
        // EOS is BOS in one of them: its neutral rows are fewer, and the others are held against their like all the same.
        Assert.Equal(
            ["without 27 0 27 ", "with 0 27 0 inputs_differ", "neutral 54 0 54 "],
            contrasts.Tell("b_arm items inputs_differ kld_items flags")
        );
        Assert.Equal(
            "pairs left out because their input_ids differ: 27 (BOS id 1, not 2)",
            contrasts[1]["reason"]
        );
        Assert.All(
            run.Echo.Where("quant=Q6_K"),
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
            run.Compare.Where("contrast=arm"),
            row => Assert.Equal("0", row["inputs_differ"])
        );
    }

    [Fact]
    public void Prompts_that_get_a_space_in_front_in_one_file_are_not_compared()
    {
        var run = Measure(
            writer => writer.With(GgufKeys.AddSpacePrefix, true),
            "--arms without --prompts ioi"
        );

        Assert.Contains(
            "because other ids went in: space prefix true, not false",
            run.Outcome.Error
        );
        Assert.Equal(
            ["0 60"],
            run.Compare.Where("probe=completion contrast=quant").Tell("items inputs_differ")
        );
        Assert.All(
            run.Completion.Where("quant=Q6_K"),
            row => Assert.Equal("  ", row.Tell("kld_nat reference_next_id flip"))
        );
    }

    private RunOnDisk Measure(Action<GgufWriter> change, string options)
    {
        Bend(demo.Model("demo-echo-Q6_K"), "demo-echo-Q6_K.gguf", change);
        return Measure(
            $"run --file {demo.Model("demo-echo-F16")} --file demo-echo-Q6_K.gguf --items words --continue-tokens 0 {options}"
        );
    }
}
