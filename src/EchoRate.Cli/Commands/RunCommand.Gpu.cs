using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;

namespace EchoRate.Cli.Commands;

/// <summary>Where files go: on which devices, and how much of them.</summary>
internal sealed partial class RunCommand
{
    private const long GiB = 1L << 30;

    private static GpuWishes GpuOf(RunRequest request)
    {
        var (devices, main, split) = (request.Devices, request.MainGpu, request.TensorSplit);
        if (devices.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UsageException($"{GpuWishes.DeviceOption}: '{twice.Key}' is given twice");
        }
        if (devices.Length > 0 && (main is not null || split is not null))
        {
            throw new UsageException(
                $"{(main is null ? GpuWishes.TensorSplitOption : GpuWishes.MainGpuOption)}: chooses among the GPUs, and {GpuWishes.DeviceOption} names one already; leave one of them out"
            );
        }
        if (main is not null && split is not null)
        {
            throw new UsageException(
                $"{GpuWishes.TensorSplitOption}: divides among GPUs, and {GpuWishes.MainGpuOption} uses one alone; leave one of them out"
            );
        }
        return new GpuWishes
        {
            GpuLayers = request.GpuLayers.Count,
            CpuExpertLayers = request.CpuMoe,
            MarginBytes = (long)(request.VramMargin * GiB),
            MainGpu = main,
            TensorSplit = split?.Parts,
            Devices = devices,
        };
    }
}
