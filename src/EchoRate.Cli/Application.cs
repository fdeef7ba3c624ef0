using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Commands;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Pulling;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Files;
using EchoRate.Machine.Host;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli;

/// <summary>The program: composes the commands, runs one, and turns what goes wrong into a line and an exit code.</summary>
internal sealed class Application(UserTerminal terminal)
{
    private const string About =
        "Does a language model give a lone token back? Measures GGUF files through llama.cpp, with and without BOS, and writes CSV.";

    /// <summary>Runs one command line and answers the exit code.</summary>
    public async Task<int> RunAsync(string[] words)
    {
        try
        {
            if (words is ["--version"])
            {
                terminal.Out.WriteLine(RunInfo.ProgramVersion);
                return ExitCode.Done;
            }
            using var interruption = new Interruption(terminal.Error);
            return await RunAsync(
                terminal with
                {
                    Words = words,
                    Cancellation = interruption.Token,
                },
                interruption
            );
        }
        catch (Exception e)
        {
            return ErrorReport.Print(e, terminal);
        }
    }

    // The first two are started by the program itself, once for each model file: they are spared the command line.
    private static Task<int> RunAsync(UserTerminal terminal, Interruption interruption) =>
        terminal.Words switch
        {
            [OwnProgram.Worker, .. var rest] => Task.FromResult(
                new WorkerCommand(interruption).Run(rest)
            ),
            [OwnProgram.Trial, .. var rest] => new TrialCommand(terminal, interruption).RunAsync(
                rest
            ),
            _ => new CommandLineApp(About, Verbs(terminal, interruption), terminal.Out).RunAsync(
                terminal.Words
            ),
        };

    private static Verb[] Verbs(UserTerminal terminal, Interruption interruption)
    {
        return
        [
            Verb.Of(() => new DemoCommand(terminal, Pipeline(), Run)),
            Verb.Of(() => Run(terminal)),
            Verb.Of(() => new LensCommand(Looking())),
            Verb.Of(() => new CutCommand(Looking())),
            Verb.Of(() => new PositionsCommand(Looking())),
            Verb.Of(() => new PrefixesCommand(Looking())),
            Verb.Of(() => new PullCommand(terminal, Puller())),
            Verb.Of(() => new ListCommand(terminal, Targets())),
            Verb.Of(() => new InspectCommand(terminal)),
            Verb.Of(() => new TokenizeCommand(terminal)),
            Verb.Of(() => new QuantizeCommand(terminal, interruption)),
            Verb.Of(() => new CompareCommand(terminal)),
            Verb.Of(() => new ReportCommand(terminal)),
            Verb.Of(() => new MergeCommand(terminal, Pipeline())),
            Verb.Group(
                BackendCommand.Name,
                BackendCommand.Help,
                () => new BackendCommand(terminal, interruption)
            ),
            Verb.Of(() => new DoctorCommand(terminal)),
        ];

        TargetFinder Targets() => new();
        ModelPuller Puller() => new(terminal, interruption);
        Beginning Beginning(UserTerminal of) => new(of, Pipeline());
        RunCommand Run(UserTerminal of) => new(of, Beginning(of), new FirstRun(of, Puller()));
        Looking Looking() => new(terminal, Beginning(terminal));
        RunPipeline Pipeline() =>
            new(
                terminal,
                Targets(),
                KnownHashes.OfUser(HostEnvironment.Current().DataFolder, "hashes.json")
            );
    }
}
