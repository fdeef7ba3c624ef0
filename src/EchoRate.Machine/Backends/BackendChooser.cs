using EchoRate.Core.Engine;
using EchoRate.Machine.Natives;
using EchoRate.Machine.Probing;

namespace EchoRate.Machine.Backends;

/// <summary>Chooses the backend of a run: the one that is asked for, or the best one that works.</summary>
/// <param name="host">The machine.</param>
/// <param name="store">The installed backends.</param>
/// <param name="probe">Asks in processes of their own.</param>
public sealed class BackendChooser(HostEnvironment host, BackendStore store, IBackendProbe probe)
{
    /// <summary>The word for the best one that works.</summary>
    public const string Auto = "auto";

    // Somebody's own folder may hold others too (rocm, sycl): they come last.
    private static readonly string[] DeviceBackends = ["cuda", "metal", "vulkan"];

    /// <summary>The words that <c>--backend</c> takes on a machine.</summary>
    public static IReadOnlyList<string> Allowed(HostEnvironment host) =>
        LlamaLocator.FolderInstead(host) is not null
            ? [Auto, "cuda", "cuda12", "metal", "vulkan", "cpu"]
            : [Auto, .. Backend.For(host).Select(backend => backend.Name)];

    /// <summary>Chooses.</summary>
    /// <param name="wanted">One of <see cref="Allowed"/>.</param>
    /// <param name="progress">Hears what is fetched.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="NativeLibraryException">What is asked for is not installed or shows no device; or llama.cpp cannot be had.</exception>
    public async Task<BackendChoice> ChooseAsync(
        string wanted,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        if (LlamaLocator.FolderInstead(host) is not null)
            return await FromFolderAsync(LlamaLocator.Find(host)!, wanted, cancellation)
                .ConfigureAwait(false);
        return wanted == Auto
            ? await BestAsync(progress, cancellation).ConfigureAwait(false)
            : await NamedAsync(wanted, progress, cancellation).ConfigureAwait(false);
    }

    /// <summary>The best of what is here, as <see cref="Auto"/> chooses it, without fetching anything; null where nothing is here.</summary>
    /// <exception cref="NativeLibraryException">A folder that somebody named cannot be used.</exception>
    public async Task<BackendChoice?> ChooseInstalledAsync(CancellationToken cancellation)
    {
        if (LlamaLocator.FolderInstead(host) is not null)
            return await ChooseAsync(Auto, null, cancellation).ConfigureAwait(false);
        return await GpuAsync(_ => true, cancellation).ConfigureAwait(false)
            ?? (
                LlamaPackage.Find(host) is { } package
                && LlamaLocator.Find(host, package) is { } libraries
                    ? new BackendChoice("cpu", libraries, null)
                    : null
            );
    }

    /// <summary>Chooses for a device that is named: of several backends that drive such devices, the best one that works.</summary>
    /// <param name="deviceBackend">What the device's name says: <c>cuda</c> stands for <c>cuda12</c> too.</param>
    /// <param name="progress">Hears what is fetched.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="NativeLibraryException">None is installed, or none works; or llama.cpp cannot be had.</exception>
    public async Task<BackendChoice> ChooseForDeviceAsync(
        string deviceBackend,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        if (LlamaLocator.FolderInstead(host) is not null)
        {
            // Whoever names a device that is not there is told which are.
            var choice = await ChooseAsync(Auto, progress, cancellation).ConfigureAwait(false);
            return deviceBackend == "cpu" || Shown(choice.Facts!).Contains(deviceBackend)
                ? choice with
                {
                    Backend = deviceBackend,
                }
                : choice;
        }
        if (Backend.Find(host, deviceBackend) is not null)
        {
            var ofKind = Backend
                .For(host)
                .Where(backend => backend.DeviceBackend == deviceBackend)
                .ToList();
            if (ofKind.Count > 1 && ofKind.Exists(backend => store.Find(backend) is not null))
                return await GpuAsync(
                            backend => backend.DeviceBackend == deviceBackend,
                            cancellation
                        )
                        .ConfigureAwait(false)
                    ?? await ChooseAsync(
                            ofKind.Find(backend => store.Find(backend) is not null)!.Name,
                            progress,
                            cancellation
                        )
                        .ConfigureAwait(false);
            return await ChooseAsync(deviceBackend, progress, cancellation).ConfigureAwait(false);
        }
        return await BestAsync(progress, cancellation).ConfigureAwait(false);
    }

    private static List<string> Shown(EngineFacts facts) =>
        [
            .. facts
                .Report.Devices.Where(device => device.IsGpu)
                .Select(device => device.Backend)
                .Distinct()
                .OrderBy(backend =>
                    Array.IndexOf(DeviceBackends, backend) is var place and >= 0
                        ? place
                        : int.MaxValue
                ),
        ];

    private async Task<BackendChoice> FromFolderAsync(
        LlamaLibraries libraries,
        string wanted,
        CancellationToken cancellation
    )
    {
        var answer = await probe.LookAsync(libraries.Directory, cancellation).ConfigureAwait(false);
        var facts = answer.Facts ?? throw new NativeLibraryException(answer.Failure!);
        if (wanted == "cpu")
            return new BackendChoice(wanted, libraries, facts);
        var shown = Shown(facts);
        if (wanted == Auto)
            return new BackendChoice(shown.FirstOrDefault("cpu"), libraries, facts);
        var deviceBackend = Backend.DeviceBackendOf(wanted);
        if (shown.Contains(deviceBackend))
            return new BackendChoice(wanted, libraries, facts);
        var health = await BackendHealth
            .ExamineAsync(host, probe, libraries, deviceBackend, cancellation)
            .ConfigureAwait(false);
        throw new NativeLibraryException(
            $"no device for the backend {wanted} in {libraries.Directory}: {health.Reason}; `echorate doctor` says more, --backend {Auto} takes what works"
        );
    }

    private async Task<BackendChoice> BestAsync(
        IProgress<string>? progress,
        CancellationToken cancellation
    ) =>
        await GpuAsync(_ => true, cancellation).ConfigureAwait(false)
        ?? await CpuAsync(progress, cancellation).ConfigureAwait(false);

    // The best installed GPU backend that shows a device.
    private async Task<BackendChoice?> GpuAsync(
        Func<Backend, bool> isWanted,
        CancellationToken cancellation
    )
    {
        foreach (
            var backend in Backend.For(host).Where(backend => backend.IsGpu && isWanted(backend))
        )
        {
            if (store.Find(backend) is not { } libraries)
                continue;
            var answer = await probe
                .LookAsync(libraries.Directory, cancellation)
                .ConfigureAwait(false);
            if (
                answer.Facts is { } facts
                && facts.Report.Devices.Any(device =>
                    BackendHealth.Drives(backend.DeviceBackend, device)
                )
            )
                return new BackendChoice(backend.Name, libraries, facts);
        }
        return null;
    }

    private async Task<BackendChoice> NamedAsync(
        string wanted,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        if (wanted == "cpu")
            return await CpuAsync(progress, cancellation).ConfigureAwait(false);
        var backend =
            Backend.Find(host, wanted)
            ?? throw new NativeLibraryException(
                $"there is no backend {wanted} for {host.Platform}"
            );
        if (store.Find(backend) is not { } libraries)
        {
            if (!backend.IsDefault)
                throw new NativeLibraryException(
                    FormattableString.Invariant(
                        $"the backend {wanted} is not installed (installed: {store.Installed()}): echorate backend add {wanted} downloads it ({backend.DownloadBytes / 1e6:F0} MB)"
                    )
                );
            libraries = await LlamaNatives
                .EnsureAsync(host, backend.Package, progress, cancellation)
                .ConfigureAwait(false);
        }
        var health = await BackendHealth
            .ExamineAsync(host, probe, libraries, backend.DeviceBackend, cancellation)
            .ConfigureAwait(false);
        return health.Works
            ? new BackendChoice(wanted, libraries, health.Facts)
            : throw new NativeLibraryException(
                $"the backend {wanted} does not work here: {health.Reason}; `echorate doctor` says what to do, --backend {Auto} takes what works"
            );
    }

    // The platform's own package; what is wrong with it, the run says itself.
    private async Task<BackendChoice> CpuAsync(
        IProgress<string>? progress,
        CancellationToken cancellation
    ) =>
        new(
            "cpu",
            await LlamaNatives
                .EnsureAsync(host, null, progress, cancellation)
                .ConfigureAwait(false),
            null
        );
}
