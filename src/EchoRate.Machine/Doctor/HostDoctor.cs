using EchoRate.Core.Engine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;

namespace EchoRate.Machine.Doctor;

/// <summary>Examines a machine. What it could not find out it leaves empty; it never guesses.</summary>
public sealed class HostDoctor(
    HostEnvironment host,
    HostView view,
    BackendStore store,
    TrialRunner trials
)
{
    /// <summary>Examines everything.</summary>
    public async Task<DoctorReport> ExamineAsync(CancellationToken cancellation)
    {
        var bare = await trials.TryAsync(null, cancellation);
        var backends = await ExamineBackendsAsync(cancellation);
        var facts = await HostFacts.ReadAsync(host, view);
        return new DoctorReport
        {
            WouldRun = bare.Facts is not null,
            Failure = bare.Failure,
            Platform = host.Platform,
            Engine = bare.Facts is null ? null : await EngineAsync(cancellation),
            Devices = await DevicesAsync(backends, facts, cancellation),
            Backends = backends,
            NvidiaDriver = facts.NvidiaDriver,
            NvidiaDriverSource = facts.NvidiaDriverSource,
            Adapters = facts.Adapters,
            VulkanDrivers = facts.VulkanFiles,
            Findings = new Findings(host, facts, backends).All(),
        };
    }

    /// <summary>The backends for the machine, best first; those that are installed are tried.</summary>
    public async Task<IReadOnlyList<ExaminedBackend>> ExamineBackendsAsync(
        CancellationToken cancellation
    )
    {
        var examined = new List<ExaminedBackend>();
        foreach (var backend in Backend.For(host))
        {
            var absent = new ExaminedBackend
            {
                Name = backend.Name,
                Installed = false,
                DownloadBytes = backend.DownloadBytes,
                Where = host.DataFolder is null ? null : store.PathOf(backend),
            };
            if (store.Find(backend) is null)
            {
                examined.Add(absent);
                continue;
            }
            var (trial, problem) = await store.TryAsync(backend, trials, cancellation);
            examined.Add(
                absent with
                {
                    Installed = true,
                    Works = problem is null,
                    Reason = problem,
                    LargestDifference = trial.Tried?.Max(device => device.LargestDifference),
                    DiskBytes = store.LengthOf(backend),
                }
            );
        }
        return examined;
    }

    private async Task<EngineInUse> EngineAsync(CancellationToken cancellation)
    {
        var choice = await new BackendChooser(host, store, trials).ChooseAsync(
            BackendChooser.Auto,
            cancellation
        );
        var facts = choice.Facts;
        return new EngineInUse(
            facts.Name,
            facts.Version,
            choice.Backend,
            facts.LibraryFolder,
            facts.CpuLibrary,
            facts.Plugin,
            facts.Notes
        );
    }

    private async Task<IReadOnlyList<ExaminedDevice>> DevicesAsync(
        IReadOnlyList<ExaminedBackend> backends,
        HostFacts facts,
        CancellationToken cancellation
    )
    {
        var devices = new List<ExaminedDevice>();
        foreach (var backend in backends.Where(backend => backend.Installed))
        {
            var own = Backend.DeviceBackendOf(backend.Name);
            var trial = await trials.TryAsync(backend.Where, cancellation);
            devices.AddRange(
                DevicesOf(trial)
                    .Where(device => device.IsGpu && device.Backend == own)
                    .Select(device => Examined(device, facts) with { Backend = backend.Name })
            );
        }
        var bare = await trials.TryAsync(null, cancellation);
        return [.. devices, .. DevicesOf(bare).Select(device => Examined(device, facts))];
    }

    private static IReadOnlyList<DeviceFacts> DevicesOf(Trial trial) => trial.Facts?.Devices ?? [];

    private static ExaminedDevice Examined(DeviceFacts device, HostFacts facts) =>
        new(
            device.Name,
            device.Description,
            device.Backend,
            device.Kind,
            device.FreeBytes == 0 ? null : device.FreeBytes,
            device.TotalBytes == 0 ? null : device.TotalBytes,
            device.Backend switch
            {
                "cuda" when facts.NvidiaDriver is { } driver => $"NVIDIA {driver}",
                "vulkan" => facts.VulkanDrivers.GetValueOrDefault(device.Description),
                _ => null,
            }
        );
}
