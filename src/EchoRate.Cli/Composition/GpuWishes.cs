using EchoRate.Cli.Errors;
using EchoRate.Core.Engine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Planning;
using EchoRate.Runs.Executing;

namespace EchoRate.Cli.Composition;

/// <summary>What the command line says about GPUs; what it does not say is the planner's to decide.</summary>
internal sealed record GpuWishes
{
    /// <summary>The option that names devices.</summary>
    public const string DeviceOption = "--device";

    /// <summary>The option that numbers the only GPU.</summary>
    public const string MainGpuOption = "--main-gpu";

    /// <summary>The option that divides layers among GPUs.</summary>
    public const string TensorSplitOption = "--tensor-split";

    /// <summary>Layers on GPUs; null for the planner's choice.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>Layers whose experts stay on the CPU.</summary>
    public int? CpuExpertLayers { get; init; }

    /// <summary>Bytes left free on every GPU.</summary>
    public long MarginBytes { get; init; } = PlanWishes.DefaultMarginBytes;

    /// <summary>The only GPU to use, counted from 0.</summary>
    public int? MainGpu { get; init; }

    /// <summary>Which part of the layers each GPU takes.</summary>
    public IReadOnlyList<float>? TensorSplit { get; init; }

    /// <summary>Devices, each a target of its own; empty for one target.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>What files are measured on.</summary>
    /// <param name="otherwise">The target where no device is named; its backend holds for devices too.</param>
    /// <exception cref="UsageException">A device is none of the backend's.</exception>
    public IReadOnlyList<RunTarget> Targets(RunTarget otherwise) =>
        Devices.Count == 0
            ? [otherwise]
            :
            [
                .. Devices.Select(name =>
                    otherwise with
                    {
                        Device = name,
                        Backend = BackendOf(name, otherwise.Backend),
                        DeviceLabel = Small(name),
                    }
                ),
            ];

    /// <summary>Whether a GPU was asked for on a target, not merely allowed.</summary>
    public bool IsGpuWanted(RunTarget target) =>
        GpuLayers != 0
        && target.Device != "CPU"
        && (
            target.Device is not null
            || target.Backend != "cpu"
            || GpuLayers is not null
            || CpuExpertLayers is not null
            || MainGpu is not null
            || TensorSplit is not null
        );

    /// <summary>The same for the planner.</summary>
    public PlanWishes For(RunTarget target) =>
        new()
        {
            GpuLayers = GpuLayers,
            CpuExpertLayers = CpuExpertLayers,
            MarginBytes = MarginBytes,
            MainGpu = MainGpu,
            TensorSplit = TensorSplit,
            Devices = target.Device is { } device ? [device] : null,
        };

    /// <summary>Refuses what the engine's devices do not allow, before anything is written.</summary>
    /// <exception cref="UsageException">There is no such device.</exception>
    public void Check(IReadOnlyList<ReadyTarget> ready)
    {
        foreach (var (target, engine) in ready.Where(target => target.Engine is not null))
        {
            var devices = TargetFinder.DevicesOf(target.Backend, engine);
            var names = devices
                .Where(device => device.IsGpu || device.Kind == DeviceKind.Cpu)
                .Select(device => device.Name)
                .ToList();
            if (target.Device is { } named && !names.Contains(named))
            {
                throw new UsageException(
                    $"{DeviceOption}: '{named}' is not allowed; allowed: {string.Join(", ", names)}"
                );
            }
            var gpus = devices.Count(device => device.IsGpu);
            if (MainGpu >= gpus)
            {
                throw new UsageException(
                    gpus == 0
                        ? $"{MainGpuOption}: '{MainGpu}' is not allowed: the engine sees no GPU"
                        : $"{MainGpuOption}: '{MainGpu}' is not allowed; allowed: a whole number from 0 to {gpus - 1}"
                );
            }
            if (TensorSplit is { } parts && parts.Count != gpus)
            {
                throw new UsageException(
                    $"{TensorSplitOption}: {parts.Count} numbers are given, and the engine sees {gpus} {(gpus == 1 ? "GPU" : "GPUs")}; give one for each"
                );
            }
        }
    }

    private static string BackendOf(string name, string asked)
    {
        var backend = BackendOf(name);
        if (asked == BackendChooser.Auto || backend == "cpu")
        {
            return backend;
        }
        return backend == Backend.DeviceBackendOf(asked)
            ? asked
            : throw new UsageException(
                $"{DeviceOption}: '{name}' is no device of the backend {asked}; leave out --backend, or name one of its devices"
            );
    }

    // llama.cpp names devices by their backend and a number.
    private static string BackendOf(string name) =>
        DeviceFacts.BackendName(name.TrimEnd([.. "0123456789"]));

#pragma warning disable CA1308 // The names are small letters in our columns.
    private static string Small(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
