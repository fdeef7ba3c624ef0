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
internal sealed class Application(UserTerminal terminal, TimeProvider clock)
{
    private const string About =
        "Does a language model give a lone token back? Measures GGUF files through llama.cpp, with and without BOS, and writes CSV.";

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
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
            return await RunAsync(words, interruption);
        }
        catch (Exception e)
        {
            return ErrorReport.Print(e, terminal);
        }
    }

    // The first two are started by the program itself, once for each model file: they are spared the command line.
    private Task<int> RunAsync(string[] words, Interruption interruption) =>
        words switch
        {
            [OwnProgram.Worker, .. var rest] => Task.FromResult(
                new WorkerCommand(interruption).Run(rest)
            ),
            [OwnProgram.Trial, .. var rest] => new TrialCommand(terminal, interruption).RunAsync(
                rest
            ),
            _ => new CommandLineApp(About, Verbs(words, interruption), terminal.Out).RunAsync(
                words
            ),
        };

    private Verb[] Verbs(string[] words, Interruption interruption)
    {
        var cancellation = interruption.Token;
        return
        [
            Verb.Of(() => new DemoCommand(terminal, Pipeline(), words, Run, cancellation)),
            Verb.Of(() => Run(words)),
            Verb.Of(() => new LensCommand(Looking())),
            Verb.Of(() => new CutCommand(Looking())),
            Verb.Of(() => new PositionsCommand(Looking())),
            Verb.Of(() => new PrefixesCommand(Looking())),
            Verb.Of(() => new PullCommand(terminal, Puller())),
            Verb.Of(() => new ListCommand(terminal, Targets(), cancellation)),
            Verb.Of(() => new InspectCommand(terminal)),
            Verb.Of(() => new TokenizeCommand(terminal, cancellation)),
            Verb.Of(() => new QuantizeCommand(terminal, interruption, clock)),
            Verb.Of(() => new CompareCommand(terminal)),
            Verb.Of(() => new ReportCommand(terminal)),
            Verb.Of(() => new MergeCommand(terminal, Pipeline(), words, cancellation)),
            Verb.Group(
                BackendCommand.Name,
                BackendCommand.Help,
                () => new BackendCommand(terminal, interruption)
            ),
            Verb.Of(() => new DoctorCommand(terminal, cancellation)),
        ];

        TargetFinder Targets() => new();
        ModelPuller Puller() => new(terminal, interruption, clock);
        Beginning Beginning(string[] of) => new(terminal, Pipeline(), of);
        RunCommand Run(string[] of) =>
            new(terminal, Beginning(of), new FirstRun(terminal, Puller()), of, cancellation);
        Looking Looking() => new(terminal, Beginning(words), words, cancellation);
        RunPipeline Pipeline() =>
            new(
                terminal,
                Targets(),
                clock,
                KnownHashes.OfUser(HostEnvironment.Current().DataFolder, "hashes.json")
            );
    }
}
