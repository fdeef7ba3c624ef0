using EchoRate.Core.Engine;
using EchoRate.Machine.Backends;

namespace EchoRate.Machine.Doctor;

/// <summary>Examines a machine. What it could not find out it leaves empty; it never guesses.</summary>
/// <param name="host">The machine.</param>
/// <param name="view">Its files and programs.</param>
/// <param name="store">The installed backends.</param>
/// <param name="trials">Tries them.</param>
public sealed class HostDoctor(
    HostEnvironment host,
    IHostView view,
    BackendStore store,
    ITrials trials
)
{
    /// <summary>Examines everything.</summary>
    public async Task<DoctorReport> ExamineAsync(CancellationToken cancellation)
    {
        var bare = await trials.TryAsync(null, cancellation);
        var backends = await ExamineBackendsAsync(host, store, trials, cancellation);
        var choice = bare.Facts is null
            ? null
            : await new BackendChooser(host, store, trials).ChooseAsync(
                BackendChooser.Auto,
                cancellation
            );
        var driver = Doctor.NvidiaDriver.Find(view);
        var vulkan = VulkanDrivers.Find(host, view);
        var adapters = GraphicsAdapter.Find(view);
        return new DoctorReport
        {
            WouldRun = choice is not null,
            Failure = bare.Failure,
            Platform = host.Platform,
            Engine = choice is null
                ? null
                : new EngineInUse(
                    choice.Facts.Name,
                    choice.Facts.Version,
                    choice.Backend,
                    choice.Facts.Report.LibraryFolder,
                    choice.Facts.Report.CpuLibrary,
                    choice.Facts.Report.Plugin,
                    choice.Facts.Report.Notes
                ),
            Devices = await DevicesAsync(backends, driver, vulkan, cancellation),
            Backends = backends,
            NvidiaDriver = driver?.Version,
            NvidiaDriverSource = driver?.Source,
            Adapters = adapters,
            VulkanDrivers = vulkan.Files,
            Findings =
            [
                .. new Findings(host, Distributions.Find(view), driver, adapters, vulkan).Of(
                    backends
                ),
            ],
        };
    }

    /// <summary>The backends for a machine, best first; those that are installed are tried.</summary>
    public static async Task<IReadOnlyList<ExaminedBackend>> ExamineBackendsAsync(
        HostEnvironment host,
        BackendStore store,
        ITrials trials,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(trials);
        var backends = new List<ExaminedBackend>();
        foreach (var backend in Backend.For(host))
        {
            var library = store.Find(backend);
            var (trial, problem) = library is null
                ? (null, null)
                : await store.TryAsync(backend, trials, cancellation);
            backends.Add(
                new ExaminedBackend(
                    backend.Name,
                    library is not null,
                    trial is null ? null : problem is null,
                    problem,
                    trial?.Tried.Max(device => device.LargestDifference),
                    backend.DownloadBytes,
                    library is null ? null : store.LengthOf(backend),
                    library ?? Path.Combine(store.FolderOf(backend), backend.FileName)
                )
            );
        }
        return backends;
    }

    private async Task<IReadOnlyList<ExaminedDevice>> DevicesAsync(
        IReadOnlyList<ExaminedBackend> backends,
        NvidiaDriver? driver,
        VulkanDrivers vulkan,
        CancellationToken cancellation
    )
    {
        var devices = new List<ExaminedDevice>();
        foreach (var backend in backends.Where(backend => backend.Installed))
        {
            var trial = await trials.TryAsync(backend.Where, cancellation);
            devices.AddRange(
                (trial.Facts?.Report.Devices ?? [])
                    .Where(device =>
                        device.IsGpu && device.Backend == Backend.DeviceBackendOf(backend.Name)
                    )
                    .Select(device => Examined(device, backend.Name))
            );
        }
        var bare = await trials.TryAsync(null, cancellation);
        devices.AddRange(
            (bare.Facts?.Report.Devices ?? []).Select(device => Examined(device, device.Backend))
        );
        return devices;

        ExaminedDevice Examined(DeviceFacts device, string backend) =>
            new(
                device.Name,
                device.Description,
                backend,
                device.Kind,
                Known(device.FreeBytes),
                Known(device.TotalBytes),
                device.Backend switch
                {
                    "cuda" when driver is not null => $"NVIDIA {driver.Version}",
                    "vulkan" => vulkan.Of.GetValueOrDefault(device.Description),
                    _ => null,
                }
            );
    }

    private static long? Known(long bytes) => bytes == 0 ? null : bytes;
}
