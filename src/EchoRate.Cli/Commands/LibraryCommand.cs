using System.CommandLine;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Machine.Probing;

namespace EchoRate.Cli.Commands;

/// <summary>
/// <c>echorate library PATH</c>: opens a library with the system's loader, says in one line of JSON what is missing, and ends. Not in the help:
/// opening runs the library's code, which may take the process with it.
/// </summary>
internal sealed class LibraryCommand(UserTerminal terminal, Interruption interruption)
{
    /// <summary>The command's name.</summary>
    public const string Name = "library";

    private readonly Argument<string> _path = new("PATH");

    /// <summary>The command, for the parser.</summary>
    public Command Build()
    {
        var command = new Command(Name) { _path };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        interruption.Ignore();
        var path = Path.GetFullPath(parsed.GetRequiredValue(_path), terminal.WorkingFolder);
        await terminal.Out.WriteLineAsync(LibraryOpener.Open(path).ToLine());
        return ExitCode.Done;
    }
}
