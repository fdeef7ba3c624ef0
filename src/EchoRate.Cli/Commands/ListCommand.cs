using System.CommandLine;
using System.Text.Json;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Listing;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Hub.Cache;
using EchoRate.Machine;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate list</c>: the manifest's models and files, what is here, what fits; checks a manifest without a network.</summary>
internal sealed class ListCommand(UserTerminal terminal, TargetFinder targets)
{
    private readonly Option<string?> _manifest = SharedOptions.Path(
        "--manifest",
        "FILE",
        $"Manifest of models (default: {ManifestSource.DefaultName} in this folder)"
    );
    private readonly Option<bool> _json = SharedOptions.Json();

    /// <summary>The command, for the parser.</summary>
    public Command Build(CancellationToken cancellation)
    {
        var command = new Command(
            "list",
            "Show the manifest's models: sizes, what is here and verified, what fits this machine"
        )
        {
            _manifest,
            _json,
        };
        command.SetAction((parsed, _) => RunAsync(parsed, cancellation));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var source = ManifestSource.Read(parsed.GetValue(_manifest), terminal.WorkingFolder);
        var memory = HostMemory.Now();
        var fit = await FitAsync(memory, cancellation);
        var listing = FileListing.Of(
            source.Complete,
            HubEnvironment.OfThisProcess(),
            PullCommand.Verified(),
            memory,
            fit
        );
        await terminal.Out.WriteAsync(
            parsed.GetValue(_json)
                ? JsonSerializer.Serialize(listing, ListingJson.Written.FileListing) + "\n"
                : ListingText.Render(listing, fit, terminal)
        );
        return ExitCode.Done;
    }

    // Nothing is fetched for a listing: as long as llama.cpp is not here, there is main memory to go by.
    private async Task<IFitPlan> FitAsync(HostMemory memory, CancellationToken cancellation)
    {
        try
        {
            return
                await targets.DevicesAsync(cancellation) is { } devices
                && devices.Any(device => device.IsGpu)
                ? new GpuFit(devices, memory)
                : new HostFit(memory);
        }
        catch (NativeLibraryException e)
        {
            await terminal.Error.WriteLineAsync($"GPUs are left out: {e.Message}");
            return new HostFit(memory);
        }
    }
}
