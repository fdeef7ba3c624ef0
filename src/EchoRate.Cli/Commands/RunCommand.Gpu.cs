using System.CommandLine;
using System.Globalization;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Machine.Planning;

namespace EchoRate.Cli.Commands;

/// <summary>Where files go: on which devices, and how much of them.</summary>
internal sealed partial class RunCommand
{
    private const int MostLayers = 10_000;
    private const double MostMargin = 1000;
    private const long GiB = 1L << 30;

    private readonly Option<string[]> _devices = SharedOptions.Names(
        GpuWishes.DeviceOption,
        "NAME",
        "Measure on this device, as the engine names it (CPU, CUDA0, Vulkan0 …); given again: on each of them, and compare"
    );
    private readonly Option<int?> _gpuLayers = new("--gpu-layers")
    {
        HelpName = "N",
        Description =
            "Layers on GPUs, the output layer counted as one: auto, all, or a number (default: auto, as many as fit)",
        CustomParser = result =>
            result.Tokens[0].Value switch
            {
                "auto" => null,
                "all" => PlanWishes.AllLayers,
                var text
                    when int.TryParse(
                        text,
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out var layers
                    )
                        && layers <= MostLayers => layers,
                _ => SharedOptions.Fail<int?>(
                    result,
                    "--gpu-layers",
                    $"auto, all, or a whole number from 0 to {MostLayers}"
                ),
            },
    };
    private readonly Option<int?> _cpuMoe = SharedOptions.Number(
        "--cpu-moe",
        "N",
        "Layers, from the first on, whose experts stay on the CPU (default: as few as make the rest fit)",
        0,
        MostLayers
    );
    private readonly Option<double?> _vramMargin = new("--vram-margin")
    {
        HelpName = "GIB",
        Description = "GiB left free on every GPU, of what is free now (default: 1)",
        CustomParser = result =>
            double.TryParse(
                result.Tokens[0].Value,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var gib
            )
            && gib <= MostMargin
                ? gib
                : SharedOptions.Fail<double?>(
                    result,
                    "--vram-margin",
                    $"a number from 0 to {MostMargin}, with a decimal point"
                ),
    };
    private readonly Option<int?> _mainGpu = SharedOptions.Number(
        GpuWishes.MainGpuOption,
        "N",
        "Use this GPU alone, counted from 0",
        0,
        255
    );
    private readonly Option<float[]?> _tensorSplit = new(GpuWishes.TensorSplitOption)
    {
        HelpName = "LIST",
        Description =
            "Parts of the layers that the GPUs take, in any unit: 3,1 (default: by what is free on each)",
        CustomParser = result =>
            PartsOf(result.Tokens[0].Value)
            ?? SharedOptions.Fail<float[]?>(
                result,
                GpuWishes.TensorSplitOption,
                "numbers of 0 or more with a decimal point, separated by commas, not all 0"
            ),
    };

    private GpuWishes GpuOf(ParseResult parsed)
    {
        var devices = parsed.GetValue(_devices) ?? [];
        var main = parsed.GetValue(_mainGpu);
        // An array that was not given is an empty one.
        var split = parsed.GetValue(_tensorSplit) is { Length: > 0 } parts ? parts : null;
        if (devices.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UsageException($"{_devices.Name}: '{twice.Key}' is given twice");
        }
        if (devices.Length > 0 && (main is not null || split is not null))
        {
            throw new UsageException(
                $"{(main is null ? _tensorSplit.Name : _mainGpu.Name)}: chooses among the GPUs, and {_devices.Name} names one already; leave one of them out"
            );
        }
        if (main is not null && split is not null)
        {
            throw new UsageException(
                $"{_tensorSplit.Name}: divides among GPUs, and {_mainGpu.Name} uses one alone; leave one of them out"
            );
        }
        return new GpuWishes
        {
            GpuLayers = parsed.GetValue(_gpuLayers),
            CpuExpertLayers = parsed.GetValue(_cpuMoe),
            MarginBytes = parsed.GetValue(_vramMargin) is { } gib
                ? (long)(gib * GiB)
                : PlanWishes.DefaultMarginBytes,
            MainGpu = main,
            TensorSplit = split,
            Devices = devices,
        };
    }

    private static float[]? PartsOf(string text)
    {
        var parts = new List<float>();
        foreach (var part in text.Split(','))
        {
            if (
                !float.TryParse(
                    part,
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var value
                ) || !float.IsFinite(value)
            )
            {
                return null;
            }
            parts.Add(value);
        }
        return parts.Sum() > 0 ? [.. parts] : null;
    }
}
