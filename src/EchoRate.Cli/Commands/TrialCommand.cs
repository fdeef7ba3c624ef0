using System.Text.Json;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Machine.Backends;

namespace EchoRate.Cli.Commands;

/// <summary>
/// <c>echorate trial [--plugin PATH]</c>: loads llama.cpp and a GPU library, says in a line of JSON what they are and which devices they see,
/// computes a small model on every GPU, and says what came of it. Not in the help: <see cref="TrialRunner"/> starts it.
/// </summary>
internal sealed class TrialCommand(UserTerminal terminal, Interruption interruption)
{
    public async Task<int> RunAsync(string[] words)
    {
        // Ctrl-C reaches every process of the terminal; whoever started this one ends it.
        interruption.Ignore();
        var plugin = words switch
        {
            [] => null,
            [TrialRunner.PluginOption, var path] => Path.GetFullPath(path, terminal.WorkingFolder),
            _ => throw new UsageException(
                $"{OwnProgram.Trial}: takes {TrialRunner.PluginOption} PATH or nothing; it is started by EchoRate itself"
            ),
        };
        var engine = Engines.Load(Engines.DefaultTarget with { Plugin = plugin });
        var answer = new Trial { Facts = engine.Facts };
        var gpus = answer.Facts.Devices.Where(device => device.IsGpu).ToList();
        if (gpus.Count == 0)
        {
            await SayAsync(answer with { Tried = [] });
            return ExitCode.Done;
        }
        await SayAsync(answer);
        using var models = new TrialModels(Engines.Library(plugin));
        var tried = gpus.Select(gpu => models.Try(engine, gpu, terminal.Error));
        await SayAsync(answer with { Tried = [.. tried] });
        return ExitCode.Done;
    }

    private async Task SayAsync(Trial answer)
    {
        await terminal.Data.WriteLineAsync(
            JsonSerializer.Serialize(answer, BackendJson.Default.Trial)
        );
        await terminal.Data.FlushAsync(CancellationToken.None);
    }
}
