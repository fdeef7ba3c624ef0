using EchoRate.Core.Engine;
using EchoRate.Machine.Host;

namespace EchoRate.Machine.Backends;

/// <summary>What a run computes on.</summary>
/// <param name="Backend">The backend's name: <c>cpu</c>, <c>cuda</c>, <c>cuda12</c>, <c>vulkan</c>, <c>metal</c>.</param>
/// <param name="Plugin">Its library; null where it needs none.</param>
/// <param name="Facts">What llama.cpp says of itself.</param>
/// <param name="PassedOver">GPU backends that are here and not used, and why: a sentence each.</param>
public sealed record BackendChoice(
    string Backend,
    string? Plugin,
    EngineFacts Facts,
    IReadOnlyList<string> PassedOver
);

/// <summary>Chooses the backend of a run: the one that is asked for, or the best one that works.</summary>
public sealed class BackendChooser(HostEnvironment host, BackendStore store, TrialRunner trials)
{
    /// <summary>The word for the best one that works.</summary>
    public const string Auto = "auto";

    private const string Cpu = "cpu";

    /// <summary>The words that <c>--backend</c> takes on a machine.</summary>
    public static IReadOnlyList<string> Allowed(HostEnvironment host) =>
        [
            Auto,
            .. Backend.For(host).Select(backend => backend.Name),
            .. host.IsMac ? ["metal"] : Array.Empty<string>(),
            Cpu,
        ];

    /// <summary>Chooses by one of <see cref="Allowed"/>.</summary>
    /// <exception cref="NativeLibraryException">What is asked for is not installed or does not work; or llama.cpp cannot be loaded.</exception>
    public Task<BackendChoice> ChooseAsync(string wanted, CancellationToken cancellation) =>
        wanted switch
        {
            Auto => BestAsync(cancellation),
            Cpu => CpuAsync([], cancellation),
            _ => NamedAsync(wanted, backend => backend.Name == wanted, cancellation),
        };

    /// <summary>Chooses for a device that is named, by what its name says: <c>cuda</c> stands for <c>cuda12</c> too.</summary>
    /// <exception cref="NativeLibraryException">No backend for it is installed, or none works; or llama.cpp cannot be loaded.</exception>
    public async Task<BackendChoice> ChooseForDeviceAsync(
        string deviceBackend,
        CancellationToken cancellation
    ) =>
        deviceBackend != Cpu && Allowed(host).Contains(deviceBackend)
            ? await NamedAsync(
                deviceBackend,
                backend => backend.DeviceBackend == deviceBackend,
                cancellation
            )
            // A backend that we do not bring may be built in. Else the caller says which devices there are.
            : await BuiltInAsync([deviceBackend], [], cancellation)
                ?? await CpuAsync([], cancellation);

    private async Task<BackendChoice> BestAsync(CancellationToken cancellation)
    {
        var passed = new List<string>();
        var backends = Backend.For(host).ToLookup(backend => backend.Name == "vulkan");
        return await InstalledAsync(backends[false], passed, cancellation)
            ?? await BuiltInBeforeVulkanAsync(backends[true], passed, cancellation)
            ?? await InstalledAsync(backends[true], passed, cancellation)
            ?? await BuiltInAsync(["cuda", "metal", "vulkan"], passed, cancellation)
            ?? await CpuAsync(passed, cancellation);
    }

    // What is built in comes before vulkan. Vulkan's own trial shows whether there is any, and spares another process.
    private async Task<BackendChoice?> BuiltInBeforeVulkanAsync(
        IEnumerable<Backend> vulkan,
        List<string> passed,
        CancellationToken cancellation
    )
    {
        foreach (var plugin in vulkan.Select(store.Find).OfType<string>())
        {
            var trial = await trials.TryAsync(plugin, cancellation);
            if (trial.Tried?.Any(device => device.Backend != "vulkan") == true)
            {
                return await BuiltInAsync(["cuda", "metal"], passed, cancellation);
            }
        }
        return null;
    }

    private async Task<BackendChoice> NamedAsync(
        string wanted,
        Func<Backend, bool> fits,
        CancellationToken cancellation
    )
    {
        var passed = new List<string>();
        var known = Backend.For(host).Where(fits).ToList();
        if (await InstalledAsync(known, passed, cancellation) is { } installed)
        {
            return installed;
        }
        var name = Backend.DeviceBackendOf(wanted);
        if (await BuiltInAsync([name], passed, cancellation) is { } builtIn)
        {
            return builtIn with { Backend = wanted };
        }
        throw new NativeLibraryException(
            passed.Count > 0
                ? $"{string.Join("; ", passed)}; `echorate doctor` says what to do, --backend {Auto} takes what works"
            : known.Count == 0
                ? $"there is no backend {wanted} for {host.Platform}; --backend {Auto} takes what works"
            : $"the backend {known[0]} is not installed (installed: {store.Installed()}): echorate backend add {known[0]} downloads it ({known[0].DownloadBytes / 1e6:F0} MB)"
        );
    }

    // The first that is installed and works.
    private async Task<BackendChoice?> InstalledAsync(
        IEnumerable<Backend> backends,
        List<string> passed,
        CancellationToken cancellation
    )
    {
        foreach (var backend in backends.Where(backend => store.Find(backend) is not null))
        {
            var (trial, problem) = await store.TryAsync(backend, trials, cancellation);
            if (problem is null)
            {
                var plugin = store.PathOf(backend);
                return Choice(backend.Name, plugin, trial, backend.DeviceBackend, passed);
            }
            passed.Add($"the backend {backend} does not work here: {problem}");
        }
        return null;
    }

    // The first of some devices' backends that llama.cpp has without a plugin, and that works.
    private async Task<BackendChoice?> BuiltInAsync(
        IEnumerable<string> deviceBackends,
        List<string> passed,
        CancellationToken cancellation
    )
    {
        var trial = await trials.TryAsync(null, cancellation);
        foreach (var name in deviceBackends.Where(name => trial.Of(name).Any()))
        {
            if (trial.Problem(name) is not { } problem)
            {
                return Choice(name == "cuda" ? "cuda12" : name, null, trial, name, passed);
            }
            passed.Add($"the built-in backend {name} does not work here: {problem}");
        }
        return null;
    }

    private async Task<BackendChoice> CpuAsync(List<string> passed, CancellationToken cancellation)
    {
        var trial = await trials.TryAsync(null, cancellation);
        return trial.Facts is not null
            ? Choice(Cpu, null, trial, Cpu, passed)
            : throw new NativeLibraryException(trial.Failure!);
    }

    // A card that failed its trial beside one that works does not take part.
    private static BackendChoice Choice(
        string backend,
        string? plugin,
        Trial trial,
        string deviceBackend,
        List<string> passed
    )
    {
        var failed = trial.Of(deviceBackend).Where(device => !device.Works).ToList();
        var devices = trial.Facts!.Devices.ExceptBy(
            failed.Select(card => card.Device),
            one => one.Name
        );
        var why = failed.Select(device => $"{device.Device} is left out: {device.Cause}");
        return new BackendChoice(
            backend,
            plugin,
            trial.Facts with
            {
                Devices = [.. devices],
            },
            [.. passed.Distinct(), .. why]
        );
    }
}
