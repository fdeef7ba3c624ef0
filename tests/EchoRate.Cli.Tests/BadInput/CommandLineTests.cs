namespace EchoRate.Cli.Tests.BadInput;

/// <summary>What is typed: commands, options, numbers.</summary>
public sealed class CommandLineTests(DemoRun demo) : IDisposable
{
    private const string RunHelp = " (echorate run --help lists what is allowed)";

    private readonly Workplace _here = new();

    public static TheoryData<string, string[]> Unusable =>
        new()
        {
            {
                "a command is missing; commands: demo, run, lens, cut, positions, prefixes, pull, list, inspect, tokenize, quantize, compare, report, merge, backend, doctor (echorate --help says what they do)",
                []
            },
            {
                "'nosuch' is not a command; commands: demo, run, lens, cut, positions, prefixes, pull, list, inspect, tokenize, quantize, compare, report, merge, backend, doctor (echorate --help says what they do)",
                ["nosuch", "--out", "x"]
            },
            { "'--nosuch' is not an option of echorate run" + RunHelp, ["run", "--nosuch"] },
            { "RUN_DIR is missing (echorate merge --help lists what is allowed)", ["merge"] },
            { "--arms: 'with' is given twice" + RunHelp, ["run", "--arms", "with,without,with"] },
            {
                "--items: 'words' is given twice" + RunHelp,
                ["run", "--items", "words", "--items", "words"]
            },
            {
                "--prompts: 'novels' is not allowed; allowed: published, ioi, FILE.csv (columns id, prompt, expected)",
                ["run", "--prompts", "novels"]
            },
        };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void A_usage_error_is_one_line_and_code_2(string line, string[] arguments) =>
        _here.Refuses(2, line, arguments);

    [Fact]
    public void A_file_given_twice_is_refused_however_it_is_spelt()
    {
        var model = _here.Folder.Write("m.gguf", File.ReadAllBytes(demo.Model("demo-echo-F16")));

        _here.Refuses(
            2,
            "--file: '{folder}" + Path.DirectorySeparatorChar + "m.gguf' is given twice",
            $"run --file {model} --file ./m.gguf"
        );
    }

    [Fact]
    public void Two_sets_of_one_name_are_refused()
    {
        _here.Folder.Write("a/w.csv", "item\n John\n");
        _here.Folder.Write("b/w.csv", "item\n John\n");

        _here.Refuses(
            2,
            "--items: two sets are named 'w.csv'; rename one of the files",
            "run --items a/w.csv,b/w.csv"
        );
    }

    [Fact]
    public void Help_lists_the_commands_that_work_and_no_others()
    {
        var help = Echorate.Run(_here.Folder.Path, "--help");

        Assert.Equal(0, help.ExitCode);
        Assert.Equal("", help.Error);
        var commands = help
            .OutLines.SkipWhile(line => line != "Commands:")
            .Skip(1)
            .TakeWhile(line => line.Length > 0)
            .Select(line => line.Trim().Split(' ')[0]);
        Assert.Equal(
            [
                .. "demo run lens cut positions prefixes pull list inspect tokenize quantize compare report merge backend doctor".Split(
                    ' '
                ),
            ],
            commands
        );
    }

    [Fact]
    public void Help_on_run_lists_its_options_with_each_default_once()
    {
        var help = Echorate.Run(_here.Folder.Path, "run", "--help");

        Assert.Equal(0, help.ExitCode);
        Assert.Equal("", help.Error);
        string[] options =
        [
            .. (
                "--manifest --model --quant --file --items --prompts --arms --neutral "
                + "--seed --reference --same-model --continue-tokens --device --gpu-layers --cpu-moe "
                + "--vram-margin --main-gpu --tensor-split --sequences --shard --resume "
                + "--no-check --quiet --backend --arithmetic --threads --timeout --in-process --out --csv --help"
            ).Split(' '),
        ];
        Assert.Equal(
            options,
            help.OutLines.Where(line => line.StartsWith("  -"))
                .Select(line => line.Split(' ').First(word => word.StartsWith("--")))
        );
        Assert.DoesNotContain("[default", help.Out);
        foreach (
            var line in help.OutLines.Where(line =>
                line.Contains("--continue-tokens") || line.Contains("--threads")
            )
        )
        {
            Assert.Contains("(default: ", line);
        }
    }

    [Fact]
    public void Help_shows_the_default_of_a_list_of_numbers()
    {
        var help = Echorate.Run(_here.Folder.Path, "cut", "--help");

        Assert.Matches(@"--positions <LIST> .* \(default: 0\)\n", help.Out);
        Assert.DoesNotContain("System.", help.Out);
    }

    [Fact]
    public void Version_is_one_line()
    {
        var version = Echorate.Run(_here.Folder.Path, "--version");

        Assert.Equal(0, version.ExitCode);
        Assert.Equal("", version.Error);
        Assert.Matches(@"^\d+\.\d+\.\d+(\+[0-9a-f]+)?$", Assert.Single(version.OutLines));
    }

    public void Dispose() => _here.Dispose();
}
