using EchoRate.Cli.Commands;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Backends;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Workers;

namespace EchoRate.Cli.Composition;

/// <summary>A target whose libraries are here.</summary>
/// <param name="Target">The target.</param>
/// <param name="Engine">What its engine says of itself; null where no file can be started, so that nobody looked.</param>
internal sealed record ReadyTarget(RunTarget Target, EngineFacts? Engine);

/// <summary>
/// Brings what a run measures on. Where workers measure, llama.cpp is not loaded here: a GPU library takes memory of its device for as long
/// as its process lives, and one process holds one llama.cpp. Another process is asked instead, once for each engine and folder.
/// </summary>
internal sealed class TargetFinder
{
    private readonly Lines _lines;
    private readonly BackendProbe _probe = new();
    private readonly Dictionary<string, EngineFacts> _known = [];
    private readonly Lazy<BackendChooser> _chooser;

    /// <summary>A finder.</summary>
    /// <param name="error">Hears what is fetched.</param>
    public TargetFinder(TextWriter error)
    {
        _lines = new Lines(error);
        _chooser = new(() =>
        {
            var host = HostEnvironment.Current();
            return new BackendChooser(host, new BackendStore(host, DiskRoom.FreeBytes), _probe);
        });
    }

    /// <summary>Makes targets ready: their libraries found or fetched, their engines asked.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="inProcess">Whether their engines are loaded into this process.</param>
    /// <param name="cancellation">Stops on request.</param>
    /// <exception cref="NativeLibraryException">Libraries cannot be had, or cannot be loaded, or show no device.</exception>
    public async Task<IReadOnlyList<ReadyTarget>> ReadyAsync(
        IReadOnlyList<RunTarget> targets,
        bool inProcess,
        CancellationToken cancellation
    )
    {
        var ready = new List<ReadyTarget>();
        foreach (var asked in targets)
        {
            var target = asked;
            var key = target.Plugin ?? "";
            if (!_known.TryGetValue(key, out var facts))
            {
                facts = inProcess
                    ? EngineFacts.Of(Engines.Load(target))
                    : await _probe.AskAsync(target.Plugin, cancellation);
                _known.Add(key, facts);
            }
            // An engine that brings its own libraries has one backend, and its devices say which.
            if (target.Backend == BackendChooser.Auto)
                target = On(
                    target,
                    facts.Report.Devices.FirstOrDefault(device => device.IsGpu)?.Backend ?? "cpu"
                );
            ready.Add(new ReadyTarget(target, facts));
        }
        return ready;
    }

    /// <summary>A target on a backend; one without a device of its own is called after it.</summary>
    public static RunTarget On(RunTarget target, string backend) =>
        target with
        {
            Backend = backend,
            DeviceLabel = target.Device is null ? backend : target.DeviceLabel,
        };

    /// <summary>The devices that a run would find; null where llama.cpp's libraries are not here yet. Nothing is fetched.</summary>
    /// <exception cref="NativeLibraryException">The libraries cannot be used.</exception>
    public async Task<IReadOnlyList<DeviceFacts>?> DevicesAsync(CancellationToken cancellation)
    {
        return DevicesOf("cpu", await _probe.AskAsync(null, cancellation));
    }

    /// <summary>The devices that a backend computes with: a folder may hold several backends, and drive one card twice.</summary>
    public static IReadOnlyList<DeviceFacts> DevicesOf(string backend, EngineFacts? facts) =>
        [
            .. (facts?.Report.Devices ?? []).Where(device =>
                !device.IsGpu || device.Backend == Backend.DeviceBackendOf(backend)
            ),
        ];

    /// <summary>What measures files on each target: a process for each file, or this one.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="ready">Its targets.</param>
    /// <param name="clock">The clock.</param>
    public static IReadOnlyList<TargetMeasurer> Measurers(
        RunPlan plan,
        IReadOnlyList<ReadyTarget> ready,
        TimeProvider clock
    )
    {
        var measurers = new List<TargetMeasurer>();
        foreach (var (target, facts) in ready)
        {
            IFileMeasurer? measurer =
                facts is null ? null
                : plan.InProcess ? new InProcessMeasurer(Engines.Load(target))
                : new WorkerMeasurer(
                    OwnProgram.With(WorkerCommand.Name),
                    target,
                    facts.Version,
                    plan.Timeout,
                    clock,
                    message => new NativeLibraryException(message)
                );
            measurers.Add(new TargetMeasurer(target, measurer));
        }
        return measurers;
    }
}
