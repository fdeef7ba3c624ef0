using System.CommandLine;
using System.Text.Json;
using EchoRate.Cli.Backends;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Machine;
using EchoRate.Machine.Backends;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate backend list|add|remove</c>: GPU libraries on demand.</summary>
internal sealed class BackendCommand(UserTerminal terminal, Interruption interruption)
{
    /// <summary>The command, for the parser.</summary>
    public Command Build(CancellationToken cancellation) =>
        new("backend", "Libraries of llama.cpp for GPUs: list, add NAME, remove NAME")
        {
            List(cancellation),
            Named(
                "add",
                "Download a backend for this machine, once; its size is said beforehand",
                AddAsync,
                cancellation
            ),
            Named("remove", "Remove a backend that was downloaded", RemoveAsync, cancellation),
        };

    private Command List(CancellationToken cancellation)
    {
        var json = SharedOptions.Json();
        var command = new Command(
            "list",
            "Show the backends for this machine: installed or not, sizes, where, whether they work here"
        )
        {
            json,
        };
        command.SetAction((parsed, _) => ListAsync(parsed.GetValue(json), cancellation));
        return command;
    }

    private static Command Named(
        string verb,
        string description,
        Func<HostEnvironment, Backend, CancellationToken, Task<int>> act,
        CancellationToken cancellation
    )
    {
        var name = new Argument<string>("NAME") { Description = "cuda, cuda12, vulkan …" };
        var command = new Command(verb, description) { name };
        command.SetAction(
            (parsed, _) =>
            {
                var host = HostEnvironment.Current();
                return act(
                    host,
                    BackendOf(host, verb, parsed.GetRequiredValue(name)),
                    cancellation
                );
            }
        );
        return command;
    }

    private static Backend BackendOf(HostEnvironment host, string verb, string name) =>
        Backend.Find(host, name)
        ?? throw new UsageException(
            Backend.For(host) is { Count: > 0 } known
                ? $"backend {verb}: '{name}' is no backend for {host.Platform}; allowed: {string.Join(", ", known)}"
                : $"backend {verb}: there are no prebuilt backends for {host.Platform}"
        );

    private async Task<int> ListAsync(bool json, CancellationToken cancellation)
    {
        var listing = await BackendListing.OfAsync(
            HostEnvironment.Current(),
            new BackendProbe(),
            cancellation
        );
        await terminal.Out.WriteAsync(
            json
                ? JsonSerializer.Serialize(listing, BackendJson.Written.BackendListing) + "\n"
                : BackendText.Render(listing, terminal)
        );
        return ExitCode.Done;
    }

    private async Task<int> AddAsync(
        HostEnvironment host,
        Backend backend,
        CancellationToken cancellation
    )
    {
        interruption.Announcement = "stopping; what arrived whole is kept for the next time";
        var store = new BackendStore(host, DiskRoom.FreeBytes);
        var added = await store.AddAsync(backend, new Lines(terminal.Error), cancellation);
        await terminal.Error.WriteLineAsync(
            added ? $"{backend} is installed" : $"{backend} is installed already; nothing to do"
        );
        await terminal.Out.WriteLineAsync(store.LibraryFolder(backend));
        return ExitCode.Done;
    }

    private async Task<int> RemoveAsync(
        HostEnvironment host,
        Backend backend,
        CancellationToken cancellation
    )
    {
        var store = new BackendStore(host, DiskRoom.FreeBytes);
        var bytes = store.DiskBytes(backend);
        var folder = await store.RemoveAsync(backend, cancellation);
        await terminal.Error.WriteLineAsync(
            $"{backend} is removed: {QuantizeWords.Size(bytes)} of {folder}"
        );
        return ExitCode.Done;
    }
}
