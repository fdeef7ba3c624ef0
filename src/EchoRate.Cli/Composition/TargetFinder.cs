using EchoRate.Cli.Commands;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Llama;
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
    private readonly Engines _engines;
    private readonly Lines _lines;
    private readonly BackendProbe _probe = new();
    private readonly Dictionary<(string Engine, string? Libraries), EngineFacts> _known = [];
    private readonly Dictionary<RunTarget, RunTarget> _chosen = [];
    private readonly Lazy<BackendChooser> _chooser;

    /// <summary>A finder.</summary>
    /// <param name="engines">The engines of this program.</param>
    /// <param name="error">Hears what is fetched.</param>
    public TargetFinder(Engines engines, TextWriter error)
    {
        (_engines, _lines) = (engines, new Lines(error));
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
            var target = await ChosenAsync(asked, cancellation);
            target = target with
            {
                Libraries = await _engines
                    .Source(target.Engine)
                    .FindLibrariesAsync(target, cancellation),
            };
            var key = (target.Engine, target.Libraries);
            if (!_known.TryGetValue(key, out var facts))
            {
                facts = inProcess
                    ? EngineFacts.Of(await _engines.LoadAsync(target, cancellation))
                    : await _probe.AskAsync(target.Engine, target.Libraries, cancellation);
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
        if (await _chooser.Value.ChooseInstalledAsync(cancellation) is not { } choice)
        {
            return null;
        }
        var facts =
            choice.Facts
            ?? await _probe.AskAsync(Engines.Llama, choice.Libraries.Directory, cancellation);
        return DevicesOf(choice.Backend, facts);
    }

    /// <summary>The devices that a backend computes with: a folder may hold several backends, and drive one card twice.</summary>
    public static IReadOnlyList<DeviceFacts> DevicesOf(string backend, EngineFacts? facts) =>
        [
            .. (facts?.Report.Devices ?? []).Where(device =>
                !device.IsGpu || device.Backend == Backend.DeviceBackendOf(backend)
            ),
        ];

    // llama.cpp has a folder for each backend.
    private async Task<RunTarget> ChosenAsync(RunTarget asked, CancellationToken cancellation)
    {
        if (asked.Engine != Engines.Llama || asked.Libraries is not null)
        {
            return asked;
        }
        if (_chosen.TryGetValue(asked, out var known))
        {
            return known;
        }
        var choice = asked.Device is null
            ? await _chooser.Value.ChooseAsync(asked.Backend, _lines, cancellation)
            : await _chooser.Value.ChooseForDeviceAsync(asked.Backend, _lines, cancellation);
        if (choice.Facts is not null)
        {
            _known.TryAdd((asked.Engine, choice.Libraries.Directory), choice.Facts);
        }
        return _chosen[asked] = On(asked, choice.Backend) with
        {
            Libraries = choice.Libraries.Directory,
        };
    }

    /// <summary>What measures files on each target: a process for each file, or this one.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="ready">Its targets.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Stops on request.</param>
    public async Task<IReadOnlyList<TargetMeasurer>> MeasurersAsync(
        RunPlan plan,
        IReadOnlyList<ReadyTarget> ready,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        var measurers = new List<TargetMeasurer>();
        foreach (var (target, facts) in ready)
        {
            IFileMeasurer? measurer =
                facts is null ? null
                : plan.InProcess
                    ? new InProcessMeasurer(await _engines.LoadAsync(target, cancellation))
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
