using System.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Machine.Probing;

namespace EchoRate.Cli.Commands;

/// <summary>
/// <c>echorate devices</c>: loads an engine, says in one line of JSON what it is and which devices it sees, and ends. Not in the help: whoever
/// must not load it starts this (<see cref="EngineProbe"/>).
/// </summary>
internal sealed class DevicesCommand(UserTerminal terminal, Interruption interruption)
{
    /// <summary>The command's name.</summary>
    public const string Name = "devices";

    private readonly Option<string> _engine = new(EngineProbe.EngineOption)
    {
        HelpName = "NAME",
        Description = "The engine",
        Required = true,
    };
    private readonly Option<string?> _libraries = SharedOptions.Path(
        EngineProbe.LibrariesOption,
        "DIR",
        "Folder of its libraries (default: those that a run would take)"
    );

    /// <summary>The command, for the parser.</summary>
    public Command Build()
    {
        var command = new Command(Name) { _engine, _libraries };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        // Ctrl-C reaches every process of the terminal; whoever started this one ends it.
        interruption.Ignore();
        var libraries = parsed.GetValue(_libraries);
        var engine = Engines.Load(
            Engines.DefaultTarget with
            {
                Plugin = libraries is null
                    ? null
                    : Path.GetFullPath(libraries, terminal.WorkingFolder),
            }
        );
        await terminal.Out.WriteLineAsync(EngineAnswer.Of(EngineFacts.Of(engine)).ToLine());
        return ExitCode.Done;
    }
}
