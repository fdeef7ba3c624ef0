using EchoRate.Cli.Tests.Resuming;

namespace EchoRate.Cli.Tests.Workers;

/// <summary>A process for each file gives what one process gives, to the last bit; references and all.</summary>
public sealed class IsolationTests(DemoRun demo) : ProgramTests
{
    [Fact]
    public void Files_give_the_same_rows_in_one_process_and_in_many()
    {
        var words =
            $"run --file {demo.Model("demo-echo-F16")} --file {demo.Model("demo-echo-Q4_K_M")} --file {demo.Model("demo-plain-Q3_K_M")} "
            + "--items words,sample:20 --prompts published --arms without,with,neutral --out ";

        var many = Measure(words + "many --in-process=false");
        var one = Measure(words + "one --in-process");

        Assert.Contains(many.Echo.Rows, row => row.Number("kld_nat") > 0);
        // The references' logits are gone with the run, or the names would differ.
        Assert.DoesNotContain(one.Names, name => name.StartsWith("reference"));
        SameRun.Check(one, many, "run_id");
    }

    [Fact]
    public void The_worker_command_is_not_for_people() =>
        Assert.DoesNotContain("worker", Run("--help").Out);
}
