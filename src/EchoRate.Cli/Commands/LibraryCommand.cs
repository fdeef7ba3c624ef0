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

    /// <summary>Opens the library.</summary>
    /// <param name="words">The words after the command.</param>
    public async Task<int> RunAsync(string[] words)
    {
        interruption.Ignore();
        var path = words is [var given]
            ? Path.GetFullPath(given, terminal.WorkingFolder)
            : throw new UsageException($"{Name}: started by echorate doctor, not by people");
        await terminal.Out.WriteLineAsync(LibraryOpener.Open(path).ToLine());
        return ExitCode.Done;
    }
}
