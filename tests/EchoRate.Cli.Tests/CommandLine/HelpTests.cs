namespace EchoRate.Cli.Tests.CommandLine;

/// <summary>What the program says of itself.</summary>
public sealed class HelpTests : ProgramTests
{
    private const string Commands =
        "demo run lens cut positions prefixes pull list inspect tokenize quantize compare report merge backend doctor";

    private const string RunOptions =
        "--file --items --prompts --arms --neutral --seed --reference --same-model --continue-tokens --cpu-moe --vram-margin "
        + "--main-gpu --tensor-split --sequences --shard --no-check --quiet --manifest --model --quant --device --gpu-layers --resume "
        + "--backend --arithmetic --threads --timeout --in-process --out --csv --help";

    [Fact]
    public void Help_lists_the_commands_that_work_and_no_others()
    {
        var help = Here("--help");

        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        var commands = help
            .OutLines.SkipWhile(line => line != "Commands:")
            .Skip(1)
            .TakeWhile(line => line.Length > 0)
            .Select(line => line.Trim().Split(' ')[0]);
        Assert.Equal(Commands, string.Join(' ', commands));
    }

    [Fact]
    public void Help_on_run_lists_its_options_with_each_default_once()
    {
        var help = Here("run --help");

        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        var options = help
            .OutLines.Where(line => line.StartsWith("  -"))
            .Select(line => line.Split(' ').First(word => word.StartsWith("--")));
        Assert.Equal(RunOptions, string.Join(' ', options));
        Assert.DoesNotContain("[default", help.Out);
        Assert.All(
            help.OutLines.Where(line => line.Contains("-tokens") || line.Contains("--threads")),
            line => Assert.Contains("(default: ", line)
        );
    }

    [Fact]
    public void Help_shows_the_default_of_a_list_of_numbers()
    {
        var help = Here("cut --help");

        Assert.Matches(@"--positions <LIST> .* \(default: 0\)\n", help.Out);
        Assert.DoesNotContain("System.", help.Out);
    }

    [Fact]
    public void Version_is_one_line() =>
        Assert.Matches(@"^\d+\.\d+\.\d+(\+[0-9a-f]+)?$", Assert.Single(Here("--version").OutLines));
}
