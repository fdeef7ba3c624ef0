using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Requests;
using EchoRate.Core.Engine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Provenance;
using EchoRate.Runs.Workers;

namespace EchoRate.Cli.Composition;

/// <summary>A target whose libraries are here, and what its engine says of itself; null where no file can be started, so that nobody looked.</summary>
internal sealed record ReadyTarget(RunTarget Target, EngineFacts? Engine)
{
    /// <summary>GPU backends that are here and not used, and why: a sentence each.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];
}

/// <summary>
/// Brings what a run measures on. Where workers measure, llama.cpp is not loaded here: a GPU library takes memory of its device for as long
/// as its process lives. Another process is asked instead, once for each GPU library.
/// </summary>
internal sealed class TargetFinder
{
    private readonly BackendStore _store;
    private readonly BackendChooser _chooser;

    public TargetFinder()
    {
        var host = HostEnvironment.Current();
        _store = new BackendStore(host, DiskRoom.FreeBytes);
        _chooser = new BackendChooser(host, _store, OwnProgram.Trials());
    }

    /// <summary>Makes targets ready: backends chosen and tried, the engine asked.</summary>
    /// <exception cref="NativeLibraryException">llama.cpp cannot be loaded, or what is asked for is not installed or does not work.</exception>
    public async Task<IReadOnlyList<ReadyTarget>> ReadyAsync(
        IReadOnlyList<RunTarget> targets,
        bool inProcess,
        CancellationToken cancellation
    )
    {
        var ready = new List<ReadyTarget>();
        foreach (var asked in targets)
        {
            // What is loaded here need not be asked elsewhere, where there is nothing to choose.
            if (
                inProcess
                && _store.Installed() == "none"
                && asked.Backend is BackendChooser.Auto or "cpu"
            )
            {
                var facts = Engines.Load(asked).Facts;
                var gpu =
                    asked.Backend == BackendChooser.Auto
                        ? facts.Devices.FirstOrDefault(device => device.IsGpu)
                        : null;
                ready.Add(new ReadyTarget(On(asked, gpu?.Backend ?? "cpu"), facts));
                continue;
            }
            var choice = asked.Device is null
                ? await _chooser.ChooseAsync(asked.Backend, cancellation)
                : await _chooser.ChooseForDeviceAsync(asked.Backend, cancellation);
            ready.Add(
                new ReadyTarget(
                    On(asked, choice.Backend) with
                    {
                        Plugin = choice.Plugin,
                    },
                    choice.Facts
                )
                {
                    PassedOver = choice.PassedOver,
                }
            );
        }
        return ready;
    }

    /// <summary>The devices that a run would find.</summary>
    /// <exception cref="NativeLibraryException">llama.cpp cannot be loaded.</exception>
    public async Task<IReadOnlyList<DeviceFacts>> DevicesAsync(CancellationToken cancellation)
    {
        var choice = await _chooser.ChooseAsync(BackendChooser.Auto, cancellation);
        return DevicesOf(choice.Backend, choice.Facts);
    }

    /// <summary>A target on a backend; one without a device of its own is called after it.</summary>
    public static RunTarget On(RunTarget target, string backend) =>
        target with
        {
            Backend = backend,
            DeviceLabel = target.Device is null ? backend : target.DeviceLabel,
        };

    /// <summary>The devices that a backend computes with: a folder may hold several backends, and drive one card twice.</summary>
    public static IReadOnlyList<DeviceFacts> DevicesOf(string backend, EngineFacts? facts) =>
        [
            .. (facts?.Devices ?? []).Where(device =>
                !device.IsGpu || device.Backend == Backend.DeviceBackendOf(backend)
            ),
        ];

    /// <summary>What measures files on each target: a process for each file, or this one.</summary>
    public static IReadOnlyList<TargetMeasurer> Measurers(
        RunRequest request,
        IReadOnlyList<ReadyTarget> ready
    )
    {
        var measurers = new List<TargetMeasurer>();
        foreach (var (target, facts) in ready)
        {
            IFileMeasurer? measurer =
                facts is null ? null
                : request.InProcess ? new InProcessMeasurer(Engines.Load(target))
                : new WorkerMeasurer(OwnProgram.With(OwnProgram.Worker), facts, request.TimeLimit);
            measurers.Add(new TargetMeasurer(target, measurer));
        }
        return measurers;
    }
}
