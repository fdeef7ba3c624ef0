using Cocona;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Listing;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Doctor;
using EchoRate.Machine.Host;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate doctor</c>: what this machine has to run with, what is missing, and how to get it.</summary>
internal sealed class DoctorCommand(UserTerminal terminal)
{
    public static HostDoctor Doctor()
    {
        var host = HostEnvironment.Current();
        return new HostDoctor(
            host,
            new HostView(),
            new BackendStore(host, DiskRoom.FreeBytes),
            OwnProgram.Trials()
        );
    }

    [Command(
        "doctor",
        Description = "Say what this machine has (engine, GPUs, memory, drivers), what is missing and how to get it"
    )]
    public async Task<int> RunAsync(JsonRequest request)
    {
        var report = await Doctor().ExamineAsync(terminal.Cancellation);
        await terminal.AnswerAsync(
            request.Json,
            () => report,
            () => DoctorText.Render(report, terminal)
        );
        return report.WouldRun ? ExitCode.Done : ExitCode.Native;
    }
}
