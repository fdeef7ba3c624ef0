using System.CommandLine;
using System.CommandLine.Parsing;
using EchoRate.Cli.Commands;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Runs.Files;

namespace EchoRate.Cli;

/// <summary>
/// The program: composes the commands, parses, runs one, and owns the parser's edges. System.CommandLine answers 1 for a usage error, prints
/// several lines, and has handlers of its own for exceptions and signals; here it is one line, exit code 2, and our own.
/// </summary>
internal sealed class Application(UserTerminal terminal, TimeProvider clock)
{
    // A text to tokenize may begin with @: no argument is a file of arguments.
    private static readonly ParserConfiguration Syntax = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        try
        {
            using var interruption = new Interruption(terminal.Error);
            // Processes that a run starts are spared what other commands need.
            var root = arguments
                is [WorkerCommand.Name or DevicesCommand.Name or LibraryCommand.Name, ..]
                ? BuildHidden(interruption)
                : Build(interruption);
            var parsed = root.Parse(arguments, Syntax);
            if (parsed.Errors.Count > 0)
            {
                throw new UsageException(OneLine(parsed));
            }
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = terminal.Out,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                CancellationToken.None
            );
        }
        catch (Exception e)
        {
            return ErrorReport.Print(e, terminal);
        }
    }

    private RootCommand BuildHidden(Interruption interruption)
    {
        return new RootCommand
        {
            new WorkerCommand(interruption).Build(),
            new DevicesCommand(terminal, interruption).Build(),
            new LibraryCommand(terminal, interruption).Build(),
        };
    }

    private RootCommand Build(Interruption interruption)
    {
        var cancellation = interruption.Token;
        var targets = new TargetFinder(terminal.Error);
        var pipeline = new RunPipeline(terminal, targets, clock, HashesOfUser());
        var root = new RootCommand(
            "Does a language model give a lone token back? Measures GGUF files through llama.cpp, with and without BOS, and writes CSV."
        );
        root.Add(new DemoCommand(terminal, pipeline).Build(cancellation));
        root.Add(new RunCommand(terminal, pipeline).Build(cancellation));
        root.Add(new PullCommand(terminal, interruption, clock).Build(cancellation));
        root.Add(new ListCommand(terminal, targets).Build(cancellation));
        root.Add(new InspectCommand(terminal).Build());
        root.Add(new TokenizeCommand(terminal).Build(cancellation));
        root.Add(new QuantizeCommand(terminal, interruption, clock).Build(cancellation));
        root.Add(new CompareCommand(terminal).Build());
        root.Add(new MergeCommand(terminal, pipeline, clock).Build(cancellation));
        root.Add(new BackendCommand(terminal, interruption).Build(cancellation));
        root.Add(new DoctorCommand(terminal).Build(cancellation));
        return root;
    }

    // Who has no folder of their own has no memory either.
    private static HashMemory? HashesOfUser()
    {
        try
        {
            return new HashMemory(
                Path.Combine(HostEnvironment.Current().DataFolder, "hashes.json")
            );
        }
        catch (NativeLibraryException)
        {
            return null;
        }
    }

    private static string OneLine(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command is RootCommand)
        {
            var commands = string.Join(", ", command.Subcommands.Select(known => known.Name));
            return parsed.UnmatchedTokens is [var given, ..]
                ? $"'{given}' is not a command; commands: {commands} (echorate --help says what they do)"
                : $"a command is missing; commands: {commands} (echorate --help says what they do)";
        }
        return $"{parsed.Errors[0].Message.ReplaceLineEndings(" ")} (echorate {NameOf(parsed.CommandResult)} --help lists what is allowed)";
    }

    // backend add
    private static string NameOf(CommandResult result) =>
        result.Parent is CommandResult { Command: not RootCommand } parent
            ? $"{NameOf(parent)} {result.Command.Name}"
            : result.Command.Name;
}
