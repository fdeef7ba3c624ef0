using System.CommandLine;
using System.Text.Json;
using EchoRate.Cli.Backends;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.LLamaSharp;
using EchoRate.Machine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Doctor;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate doctor</c>: what this machine has to run with, what is missing, and how to get it.</summary>
internal sealed class DoctorCommand(UserTerminal terminal)
{
    private readonly Option<bool> _json = SharedOptions.Json();

    /// <summary>The command, for the parser.</summary>
    public Command Build(CancellationToken cancellation)
    {
        var command = new Command(
            "doctor",
            "Say what this machine has (engine, GPUs, memory, drivers), what is missing and how to get it"
        )
        {
            _json,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(_json), cancellation));
        return command;
    }

    private async Task<int> RunAsync(bool json, CancellationToken cancellation)
    {
        var host = HostEnvironment.Current();
        var doctor = new HostDoctor(
            host,
            new RealHostView(),
            new BackendStore(host, DiskRoom.FreeBytes),
            new BackendProbe(),
            [LLamaSharpEngine.EngineName],
            LLamaSharpEngine.EngineName
        );
        var report = await doctor.ExamineAsync(new Lines(terminal.Error), cancellation);
        await terminal.Out.WriteAsync(
            json
                ? JsonSerializer.Serialize(report, BackendJson.Written.DoctorReport) + "\n"
                : DoctorText.Render(report, terminal)
        );
        return report.WouldRun ? ExitCode.Done : ExitCode.Native;
    }
}
