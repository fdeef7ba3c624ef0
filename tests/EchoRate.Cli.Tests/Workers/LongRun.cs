namespace EchoRate.Cli.Tests.Workers;

/// <summary>Tests of a run of two files that takes minutes for each, so that something can happen to it in the middle. They have a clock, and run when no others do.</summary>
[Collection(nameof(Alone))]
public abstract class LongRun : ProgramTests
{
    private const int Prompts = 1_500;

    /// <summary>Rows of a file: the 27 words and the prompts, each measured without and with BOS.</summary>
    protected const int Rows = 2 * (27 + Prompts);

    private readonly DemoRun _demo;

    protected LongRun(DemoRun demo)
    {
        _demo = demo;
        First = Folder.Write("first-F16.gguf", File.ReadAllBytes(demo.Model("demo-echo-F16")));
        var prompts = Enumerable
            .Range(0, Prompts)
            .Select(i => $"{i},The red apple and the blue sky, Mary\n");
        Folder.Write("p.csv", "id,prompt,expected\n" + string.Concat(prompts));
    }

    /// <summary>The first file, for the test to do with as it likes.</summary>
    protected string First { get; }

    /// <summary>Starts it.</summary>
    private protected RunningProgram StartRun(string more = "") =>
        Start(
            $"run --file {First} --file {_demo.Model("demo-plain-Q8_0")} --items words --prompts p.csv --sequences 16 "
                + $"--continue-tokens 100 --threads 1 --csv data --out r {more}"
        );

    /// <summary>Waits until rows of prompts are in the first file's journal: it is then larger than what the words take.</summary>
    private protected RunningProgram StartAndWaitForRows()
    {
        Processes.SkipWhereHidden();
        var program = StartRun();
        program.WaitForFile(Folder.At("r", "rows"), "001-", 80_000);
        return program;
    }
}

/// <summary>Tests that run when no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
