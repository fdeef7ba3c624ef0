using EchoRate.Core.Engine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Natives;
using EchoRate.Machine.Probing;

namespace EchoRate.Machine.Doctor;

/// <summary>Examines a machine. What it could not find out it leaves empty; it never guesses.</summary>
/// <param name="host">The machine.</param>
/// <param name="view">Its files and programs.</param>
/// <param name="store">The installed backends.</param>
/// <param name="probe">Loads libraries in processes of their own.</param>
/// <param name="packaged">The engines of this build that bring libraries of their own; null for none.</param>
/// <param name="defaultEngine">The engine that measures where nobody says otherwise.</param>
public sealed class HostDoctor(
    HostEnvironment host,
    IHostView view,
    BackendStore store,
    IBackendProbe probe,
    IReadOnlyList<string>? packaged = null,
    string defaultEngine = HostDoctor.Llama
)
{
    private const string Llama = "llama";

    /// <summary>Examines everything; the platform's own package is fetched where it is not here, as a run would.</summary>
    public async Task<DoctorReport> ExamineAsync(
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        var seen = new List<Examined>();
        string? failure = null;
        try
        {
            seen.AddRange(await ExamineAllAsync(progress, cancellation).ConfigureAwait(false));
        }
        catch (NativeLibraryException e)
        {
            failure = e.Message;
        }
        var taken = seen.FirstOrDefault(one => one.Health is { Works: true });
        var engines = await ExaminePackagedAsync(cancellation).ConfigureAwait(false);
        var measures = engines.Find(engine => engine.Name == defaultEngine);
        var driver = NvidiaDriver.Find(view);
        var vulkan = VulkanDrivers.Find(host, view);
        var adapters = GraphicsAdapter.Find(view);
        return new DoctorReport
        {
            WouldRun = measures is null ? taken is not null : measures.Failure is null,
            Failure =
                measures is not null ? measures.Failure
                : taken is null
                    ? failure ?? seen.LastOrDefault(one => one.Health is not null)?.Health!.Reason
                : null,
            Platform = host.Platform,
            Engine = taken is null ? null : EngineOf(taken),
            DefaultEngine = defaultEngine,
            PackagedEngines = engines,
            Devices = [.. DevicesOf(seen, driver, vulkan)],
            Backends = [.. seen.Select(Listed)],
            NvidiaDriver = driver?.Version,
            NvidiaDriverSource = driver?.Source,
            Adapters = adapters,
            VulkanDrivers = vulkan.Files,
            Findings =
            [
                .. new Findings(host, Distributions.Find(view), driver, adapters, vulkan).Of(seen),
            ],
        };
    }

    private async Task<List<PackagedEngine>> ExaminePackagedAsync(CancellationToken cancellation)
    {
        var engines = new List<PackagedEngine>();
        foreach (var name in packaged ?? [])
        {
            var (facts, failure) = await probe
                .LookAtEngineAsync(name, cancellation)
                .ConfigureAwait(false);
            engines.Add(
                new PackagedEngine(
                    name,
                    facts?.Version,
                    facts?.Report.LibraryFolder,
                    facts?.Report.CpuLibrary,
                    [.. (facts?.Report.Devices ?? []).Select(device => device.DisplayName)],
                    facts?.Report.Notes ?? [],
                    failure
                )
            );
        }
        return engines;
    }

    private async Task<List<Examined>> ExamineAllAsync(
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        if (LlamaLocator.FolderInstead(host) is not null)
            return await ExamineFolderAsync(LlamaLocator.Find(host)!, cancellation)
                .ConfigureAwait(false);
        var seen = new List<Examined>();
        foreach (var backend in Backend.For(host))
        {
            var libraries = store.Find(backend);
            if (libraries is null && backend.IsDefault)
                libraries = await LlamaNatives
                    .EnsureAsync(host, backend.Package, progress, cancellation)
                    .ConfigureAwait(false);
            seen.Add(
                new Examined(
                    backend.Name,
                    backend,
                    libraries,
                    libraries is null
                        ? null
                        : await BackendHealth
                            .ExamineAsync(
                                host,
                                probe,
                                libraries,
                                backend.DeviceBackend,
                                cancellation
                            )
                            .ConfigureAwait(false)
                )
            );
        }
        return seen.Count > 0 ? seen : throw NoPackage();
    }

    // A folder of somebody's own: the backends whose libraries lie in it.
    private async Task<List<Examined>> ExamineFolderAsync(
        LlamaLibraries libraries,
        CancellationToken cancellation
    )
    {
        var names = LibraryNames.For(host.System);
        var seen = new List<Examined>();
        foreach (var backend in (string[])["cuda", "metal", "vulkan", "cpu"])
        {
            var plugin = Path.Combine(libraries.Directory, names.Plugin("ggml-" + backend));
            if (backend != "cpu" && !File.Exists(plugin))
                continue;
            var health = await BackendHealth
                .ExamineAsync(host, probe, libraries, backend, cancellation)
                .ConfigureAwait(false);
            seen.Add(new Examined(backend, null, libraries, health));
        }
        return seen;
    }

    private NativeLibraryException NoPackage()
    {
        try
        {
            LlamaPackage.For(host);
        }
        catch (NativeLibraryException e)
        {
            return e;
        }
        throw new InvalidOperationException($"{host.Platform} has a package and no backend");
    }

    private static EngineInUse EngineOf(Examined taken)
    {
        var facts = taken.Health!.Facts!;
        return new EngineInUse(
            facts.Name,
            facts.Version,
            taken.Libraries!.Release,
            taken.Name,
            taken.Libraries.Directory,
            taken.Libraries.Source switch
            {
                LlamaSource.Variable => "variable",
                LlamaSource.Program => "program",
                _ => "user",
            },
            facts.Report.CpuLibrary
        );
    }

    private static IEnumerable<ExaminedDevice> DevicesOf(
        List<Examined> seen,
        NvidiaDriver? driver,
        VulkanDrivers vulkan
    )
    {
        foreach (var one in seen.Where(one => one.Health is not null && one.Name != "cpu"))
        foreach (var device in one.Health!.Devices)
            yield return Described(device, one.Name, DriverOf(device, driver, vulkan));
        // Every folder shows the CPU: the one of the platform's own package, else any.
        var cpu = seen.LastOrDefault(one => one.Health?.Facts is not null)?.Health!.Facts!;
        foreach (var device in cpu?.Report.Devices.Where(device => !device.IsGpu) ?? [])
            yield return Described(device, device.Backend, null);
    }

    private static ExaminedDevice Described(DeviceFacts device, string backend, string? driver) =>
        new(
            device.Name,
            device.Description,
            backend,
            device.Kind,
            device.TotalBytes == 0 ? null : device.FreeBytes,
            device.TotalBytes == 0 ? null : device.TotalBytes,
            driver
        );

    private static string? DriverOf(
        DeviceFacts device,
        NvidiaDriver? driver,
        VulkanDrivers vulkan
    ) =>
        device.Backend switch
        {
            "cuda" when driver is not null => $"NVIDIA {driver.Version}",
            "vulkan" => vulkan.Of.GetValueOrDefault(device.Description),
            "metal" => "macOS",
            _ => null,
        };

    private ExaminedBackend Listed(Examined one) =>
        new(
            one.Name,
            one.Libraries is not null,
            one.Health?.Works,
            one.Health?.Reason,
            one.Health?.Missing ?? [],
            one.Backend?.DownloadBytes,
            one.Libraries?.Directory
        );
}

/// <summary>A backend as it was found.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Backend">The backend; null for one that lies in a folder of somebody's own.</param>
/// <param name="Libraries">Its libraries; null where it is not installed.</param>
/// <param name="Health">Whether it works; null where it is not installed.</param>
internal sealed record Examined(
    string Name,
    Backend? Backend,
    LlamaLibraries? Libraries,
    BackendHealth? Health
);
