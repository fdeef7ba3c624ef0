using EchoRate.Cli.CommandLine.Values;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Requests;
using EchoRate.Core.Engine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Planning;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>What a run's options say about devices; what they do not say is the planner's to decide.</summary>
internal static class GpuOptions
{
    private const double GiB = 1L << 30;

    private static readonly RunTarget _exact = TargetFinder.On(Engines.AutoTarget, "cpu") with
    {
        Device = "CPU",
        Arithmetic = Arithmetic.Exact,
    };

    /// <summary>Refuses options that contradict each other.</summary>
    /// <exception cref="UsageException">They do.</exception>
    public static void Check(RunRequest request)
    {
        CheckArithmetic(request);
        var (devices, main, split) = (request.Devices, request.MainGpu, request.TensorSplit);
        if (devices.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UsageException($"--device: '{twice.Key}' is given twice");
        }
        if (devices.Length > 0 && (main is not null || split is not null))
        {
            throw new UsageException(
                $"--{(main is null ? "tensor-split" : "main-gpu")}: chooses among the GPUs, and --device names one already; leave one of them out"
            );
        }
        if (main is not null && split is not null)
        {
            throw new UsageException(
                "--tensor-split: divides among GPUs, and --main-gpu uses one alone; leave one of them out"
            );
        }
    }

    /// <summary>
    /// What files are measured on: each device that is named, or one target. A run that is gone on with stays where it was, on the backend that
    /// was chosen for it then.
    /// </summary>
    /// <exception cref="UsageException">A device is none of the backend's.</exception>
    public static IReadOnlyList<RunTarget> Targets(RunRequest request, RunInfo? earlier = null) =>
        [
            .. Asked(request)
                .Select(
                    (target, index) =>
                        request.Backend.Name == BackendChooser.Auto
                        && earlier?.Targets.ElementAtOrDefault(index) is { } was
                        && (was.Engine, was.Device) == (target.Engine, target.Device)
                            ? target with
                            {
                                Backend = was.Backend,
                                DeviceLabel = was.DeviceLabel,
                            }
                            : target
                ),
        ];

    private static IReadOnlyList<RunTarget> Asked(RunRequest request) =>
        request.Arithmetic switch
        {
            // Devices are compared in one arithmetic, which a GPU decides.
            null when request.Devices is [_, _, ..] => [.. DeviceTargets(request).Select(Library)],
            null when request.GpuLayers.Count == 0 => [_exact],
            null => DeviceTargets(request),
            ArithmeticChoice.Exact => [_exact],
            ArithmeticChoice.Library => [.. DeviceTargets(request).Select(Library)],
            _ =>
            [
                _exact with
                {
                    DeviceLabel = "cpu-exact",
                },
                .. DeviceTargets(request).Select(Library),
            ],
        };

    private static RunTarget Library(RunTarget target) =>
        target with
        {
            Arithmetic = Arithmetic.Library,
        };

    private static IReadOnlyList<RunTarget> DeviceTargets(RunRequest request)
    {
        var otherwise = TargetFinder.On(Engines.AutoTarget, request.Backend.Name);
        return request.Devices.Length == 0
            ? [otherwise]
            :
            [
                .. request.Devices.Select(name =>
                    otherwise with
                    {
                        Device = name,
                        Backend = BackendOf(name, otherwise.Backend),
                        DeviceLabel = name.ToLowerInvariant(),
                    }
                ),
            ];
    }

    /// <summary>Whether a GPU was asked for on a target, not merely allowed.</summary>
    public static bool IsGpuWanted(RunRequest request, RunTarget target) =>
        request.GpuLayers.Count != 0
        && target.Device != "CPU"
        && (
            target.Device is not null
            || target.Backend != "cpu"
            || request.GpuLayers.Count is not null
            || request.CpuMoe is not null
            || request.MainGpu is not null
            || request.TensorSplit is not null
        );

    /// <summary>The same for the planner.</summary>
    public static PlanWishes Wishes(RunRequest request, RunTarget target) =>
        new()
        {
            GpuLayers = request.GpuLayers.Count,
            CpuExpertLayers = request.CpuMoe,
            MarginBytes = (long)(request.VramMargin * GiB),
            MainGpu = request.MainGpu,
            TensorSplit = request.TensorSplit?.Parts,
            Devices = target.Device is { } device ? [device] : null,
        };

    /// <summary>Refuses what the engine's devices do not allow, before anything is written.</summary>
    /// <exception cref="UsageException">There is no such device.</exception>
    public static void Check(RunRequest request, IReadOnlyList<ReadyTarget> ready)
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
                    $"--device: '{named}' is not allowed; allowed: {string.Join(", ", names)}"
                );
            }
            var gpus = devices.Count(device => device.IsGpu);
            if (request.MainGpu is { } main && main >= gpus)
            {
                throw new UsageException(
                    gpus == 0
                        ? $"--main-gpu: '{main}' is not allowed: the engine sees no GPU"
                        : $"--main-gpu: '{main}' is not allowed; allowed: a whole number from 0 to {gpus - 1}"
                );
            }
            if (request.TensorSplit is { Parts: var parts } && parts.Count != gpus)
            {
                throw new UsageException(
                    $"--tensor-split: {parts.Count} numbers are given, and the engine sees {gpus} {(gpus == 1 ? "GPU" : "GPUs")}; give one for each"
                );
            }
        }
    }

    private static void CheckArithmetic(RunRequest request)
    {
        if (request.Arithmetic != ArithmeticChoice.Exact)
        {
            return;
        }
        var gpu =
            request.GpuLayers.Count is not (null or 0) ? $"--gpu-layers {request.GpuLayers}"
            : request.Backend.Name is not (BackendChooser.Auto or "cpu")
                ? $"--backend {request.Backend}"
            : request.Devices.FirstOrDefault(name => name != "CPU") is { } device
                ? $"--device {device}"
            : request.CpuMoe is not null ? "--cpu-moe"
            : request.MainGpu is not null ? "--main-gpu"
            : request.TensorSplit is not null ? "--tensor-split"
            : null;
        if (gpu is not null)
        {
            throw new UsageException(
                $"--arithmetic: exact is computed on the CPU, and {gpu} is for GPUs; leave one of them out, or say --arithmetic both"
            );
        }
    }

    // llama.cpp names devices by their backend and a number.
    private static string BackendOf(string name, string asked)
    {
        var backend = DeviceFacts.BackendName(name.TrimEnd([.. "0123456789"]));
        if (asked == BackendChooser.Auto || backend == "cpu")
        {
            return backend;
        }
        return backend == Backend.DeviceBackendOf(asked)
            ? asked
            : throw new UsageException(
                $"--device: '{name}' is no device of the backend {asked}; leave out --backend, or name one of its devices"
            );
    }
}
