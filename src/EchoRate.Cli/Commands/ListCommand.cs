using Cocona;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Listing;
using EchoRate.Cli.Pulling;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Hub.Cache;
using EchoRate.Machine.Host;

namespace EchoRate.Cli.Commands;

internal sealed record ListRequest : JsonRequest
{
    [Option("manifest", ValueName = "FILE", Description = OptionTexts.Manifest), HasDefaultValue]
    public string? Manifest { get; init; }
}

/// <summary><c>echorate list</c>: the manifest's models and files, what is here, what fits; checks a manifest without a network.</summary>
internal sealed class ListCommand(UserTerminal terminal, TargetFinder targets)
{
    [Command(
        "list",
        Description = "Show the manifest's models: sizes, what is here and verified, what fits this machine"
    )]
    public async Task<int> RunAsync(ListRequest request)
    {
        var manifest = ManifestSource.Read(request.Manifest, terminal.WorkingFolder);
        var memory = HostMemory.Now();
        var fit = await FitAsync(memory);
        var listing = new FileListing(
            manifest,
            HubEnvironment.OfThisProcess(),
            ModelPuller.Verified(),
            memory,
            fit
        );
        await terminal.AnswerAsync(
            request.Json,
            () => listing,
            () => ListingText.Render(listing, fit, terminal)
        );
        return ExitCode.Done;
    }

    // Where llama.cpp cannot be loaded, there is main memory to go by.
    private async Task<FitPlan> FitAsync(HostMemory memory)
    {
        try
        {
            var devices = await targets.DevicesAsync(terminal.Cancellation);
            return new FitPlan(devices, memory);
        }
        catch (NativeLibraryException e)
        {
            await terminal.Error.WriteLineAsync($"GPUs are left out: {e.Message}");
            return new FitPlan([], memory);
        }
    }
}
