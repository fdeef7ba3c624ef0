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

    /// <summary>Loads the engine and answers.</summary>
    /// <param name="words">The words after the command.</param>
    public async Task<int> RunAsync(string[] words)
    {
        // Ctrl-C reaches every process of the terminal; whoever started this one ends it.
        interruption.Ignore();
        var (_, libraries) = words switch
        {
            [EngineProbe.EngineOption, var only] => (only, (string?)null),
            [EngineProbe.EngineOption, var one, EngineProbe.LibrariesOption, var folder] => (
                one,
                Path.GetFullPath(folder, terminal.WorkingFolder)
            ),
            _ => throw new UsageException($"{Name}: started by EchoRate itself, not by people"),
        };
        var engine = Engines.Load(Engines.DefaultTarget with { Plugin = libraries });
        await terminal.Out.WriteLineAsync(EngineAnswer.Of(EngineFacts.Of(engine)).ToLine());
        return ExitCode.Done;
    }
}
