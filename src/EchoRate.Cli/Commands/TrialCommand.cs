using EchoRate.Cli.Backends;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Machine.Backends;

namespace EchoRate.Cli.Commands;

/// <summary>
/// <c>echorate trial [--plugin PATH]</c>: loads llama.cpp and a GPU library, says in a line of JSON what they are and which devices they see,
/// computes a small model on every GPU, and says what came of it. Not in the help: whoever must not load them starts this (<see cref="Trials"/>).
/// </summary>
internal sealed class TrialCommand(UserTerminal terminal, Interruption interruption)
{
    /// <summary>The command's name.</summary>
    public const string Name = "trial";

    /// <summary>Loads, computes, answers.</summary>
    /// <param name="words">The words after the command.</param>
    public async Task<int> RunAsync(string[] words)
    {
        // Ctrl-C reaches every process of the terminal; whoever started this one ends it.
        interruption.Ignore();
        var plugin = words switch
        {
            [] => null,
            [Trials.PluginOption, var path] => Path.GetFullPath(path, terminal.WorkingFolder),
            _ => throw new UsageException(
                $"{Name}: takes {Trials.PluginOption} PATH or nothing; it is started by EchoRate itself"
            ),
        };
        var engine = Engines.Load(Engines.DefaultTarget with { Plugin = plugin });
        var answer = new TrialAnswer { Facts = EngineFacts.Of(engine) };
        var gpus = answer.Facts.Report.Devices.Where(device => device.IsGpu).ToList();
        if (gpus.Count == 0)
        {
            await terminal.Out.WriteLineAsync((answer with { Tried = [] }).ToLine());
            return ExitCode.Done;
        }
        await terminal.Out.WriteLineAsync(answer.ToLine());
        await terminal.Out.FlushAsync(CancellationToken.None);
        using var models = new TrialModels(Engines.Library(plugin));
        await terminal.Out.WriteLineAsync(
            (
                answer with
                {
                    Tried = [.. gpus.Select(gpu => models.Try(engine, gpu, terminal.Error))],
                }
            ).ToLine()
        );
        return ExitCode.Done;
    }
}
