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

/// <summary>What <c>echorate backend add</c> and <c>remove</c> take.</summary>
internal sealed record BackendNameRequest : ICommandParameterSet
{
    [Argument("NAME", Description = "cuda, cuda12, vulkan …")]
    public string Name { get; init; } = "";
}

/// <summary><c>echorate backend list|add|remove</c>: GPU libraries on demand.</summary>
internal sealed class BackendCommand(UserTerminal terminal, Interruption interruption)
{
    public const string Name = "backend";

    public const string Help = "Libraries of llama.cpp for GPUs: list, add NAME, remove NAME";

    private readonly HostEnvironment _host = HostEnvironment.Current();

    private BackendStore Store => new(_host, DiskRoom.FreeBytes);

    [Command(
        "list",
        Description = "Show the backends for this machine: installed or not, sizes, where, whether they work here"
    )]
    public async Task<int> ListAsync(JsonRequest request)
    {
        var backends = await DoctorCommand.Doctor().ExamineBackendsAsync(interruption.Token);
        await terminal.AnswerAsync(
            request.Json,
            () => new BackendList(_host.Platform, backends),
            () => DoctorText.Backends(backends, terminal)
        );
        return ExitCode.Done;
    }

    [Command(
        "add",
        Description = "Download a backend for this machine, once, and try it; its size is said beforehand"
    )]
    public async Task<int> AddAsync(BackendNameRequest request)
    {
        var backend = BackendOf("add", request.Name);
        interruption.Announcement = "stopping; what arrived is removed";
        var added = await Store.AddAsync(backend, terminal.Error.WriteLine, interruption.Token);
        await terminal.Error.WriteLineAsync(
            added ? $"{backend} is installed" : $"{backend} is installed already; nothing to do"
        );
        var (trial, problem) = await Store.TryAsync(
            backend,
            OwnProgram.Trials(),
            interruption.Token
        );
        var works = trial.Of(backend.DeviceBackend).Where(device => device.Works);
        await terminal.Error.WriteLineAsync(
            problem is not null
                ? $"{backend} does not work here: {problem}; `echorate doctor` says what to do"
                : $"{backend} works: {string.Join(", ", works.Select(device => device.Device))} computed a small model as the CPU does"
        );
        await terminal.Data.WriteLineAsync(Store.PathOf(backend));
        return ExitCode.Done;
    }

    [Command("remove", Description = "Remove a backend that was downloaded")]
    public async Task<int> RemoveAsync(BackendNameRequest request)
    {
        var backend = BackendOf("remove", request.Name);
        var (folder, bytes) = await Store.RemoveAsync(backend, interruption.Token);
        await terminal.Error.WriteLineAsync(
            $"{backend} is removed: {QuantizeWords.Size(bytes)} of {folder}"
        );
        return ExitCode.Done;
    }

    private Backend BackendOf(string verb, string name) =>
        Backend.Find(_host, name)
        ?? throw new UsageException(
            Backend.For(_host) is { Count: > 0 } known
                ? $"backend {verb}: '{name}' is no backend for {_host.Platform}; allowed: {string.Join(", ", known)}"
                : $"backend {verb}: there are no prebuilt backends for {_host.Platform}"
        );
}
