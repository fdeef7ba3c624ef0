using System.Text.Json;
using Cocona;
using EchoRate.Cli.Backends;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Machine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Doctor;
using EchoRate.Reports.Tables;

namespace EchoRate.Cli.Commands;

/// <summary>The options of <c>echorate backend list</c>.</summary>
internal sealed record BackendListRequest : ICommandParameterSet
{
    [Option("json", Description = OptionTexts.Json)]
    public bool Json { get; init; }
}

/// <summary>What <c>echorate backend add</c> and <c>remove</c> take.</summary>
internal sealed record BackendNameRequest : ICommandParameterSet
{
    [Argument("NAME", Description = "cuda, cuda12, vulkan …")]
    public string Name { get; init; } = "";
}

/// <summary><c>echorate backend list|add|remove</c>: GPU libraries on demand.</summary>
internal sealed class BackendCommand(UserTerminal terminal, Interruption interruption)
{
    /// <summary>The commands' common word.</summary>
    public const string Name = "backend";

    /// <summary>What they are about.</summary>
    public const string Help = "Libraries of llama.cpp for GPUs: list, add NAME, remove NAME";

    [Command(
        "list",
        Description = "Show the backends for this machine: installed or not, sizes, where, whether they work here"
    )]
    public async Task<int> ListAsync(BackendListRequest request)
    {
        var host = HostEnvironment.Current();
        var listing = new BackendListing(
            host.Platform,
            await HostDoctor.ExamineBackendsAsync(
                host,
                new BackendStore(host, DiskRoom.FreeBytes),
                OwnProgram.Trials(),
                interruption.Token
            )
        );
        await terminal.Out.WriteAsync(
            request.Json
                ? JsonSerializer.Serialize(listing, BackendJson.Written.BackendListing) + "\n"
                : BackendText.Table(
                    listing.Backends,
                    new TableStyle { Width = terminal.Width, Colour = false }
                )
        );
        return ExitCode.Done;
    }

    [Command(
        "add",
        Description = "Download a backend for this machine, once, and try it; its size is said beforehand"
    )]
    public async Task<int> AddAsync(BackendNameRequest request)
    {
        var host = HostEnvironment.Current();
        var backend = BackendOf(host, "add", request.Name);
        interruption.Announcement = "stopping; what arrived is removed";
        var store = new BackendStore(host, DiskRoom.FreeBytes);
        var added = await store.AddAsync(backend, new Lines(terminal.Error), interruption.Token);
        var library = store.Find(backend)!;
        await terminal.Error.WriteLineAsync(
            added ? $"{backend} is installed" : $"{backend} is installed already; nothing to do"
        );
        var (trial, problem) = await store.TryAsync(
            backend,
            OwnProgram.Trials(),
            interruption.Token
        );
        await terminal.Error.WriteLineAsync(
            problem is not null
                ? $"{backend} does not work here: {problem}; `echorate doctor` says what to do"
                : $"{backend} works: {string.Join(", ", trial.Working(backend.DeviceBackend).Select(device => device.Device))} computed a small model as the CPU does"
        );
        await terminal.Out.WriteLineAsync(library);
        return ExitCode.Done;
    }

    [Command("remove", Description = "Remove a backend that was downloaded")]
    public async Task<int> RemoveAsync(BackendNameRequest request)
    {
        var host = HostEnvironment.Current();
        var backend = BackendOf(host, "remove", request.Name);
        var (folder, bytes) = await new BackendStore(host, DiskRoom.FreeBytes).RemoveAsync(
            backend,
            interruption.Token
        );
        await terminal.Error.WriteLineAsync(
            $"{backend} is removed: {QuantizeWords.Size(bytes)} of {folder}"
        );
        return ExitCode.Done;
    }

    private static Backend BackendOf(HostEnvironment host, string verb, string name) =>
        Backend.Find(host, name)
        ?? throw new UsageException(
            Backend.For(host) is { Count: > 0 } known
                ? $"backend {verb}: '{name}' is no backend for {host.Platform}; allowed: {string.Join(", ", known)}"
                : $"backend {verb}: there are no prebuilt backends for {host.Platform}"
        );
}
