using EchoRate.Core.Engine;

namespace EchoRate.Machine.Planning;

/// <summary>A plan in words.</summary>
internal static class PlanWording
{
    // Less than this besides the plan is not worth a word.
    private const long Notable = 512L << 20;

    private static readonly string[] _makers =
    [
        "NVIDIA GeForce ",
        "NVIDIA ",
        "AMD Radeon ",
        "AMD ",
        "Intel(R) ",
        "Apple ",
    ];

    /// <summary>One line, for example <c>gemma3-27b Q4_K_M: 48 of 63 layers on RTX 4070 (10.8 of 12.0 GiB), rest on CPU</c>.</summary>
    public static string Explain(
        PlanInput input,
        IReadOnlyList<GpuBudget> gpus,
        Placement placement,
        OffloadPlan plan
    )
    {
        var reason = WhyNone(input, gpus, placement);
        var free = input.Host.AvailableBytes ?? input.Host.TotalBytes;
        return $"{input.Model.Name}: "
            + (input.Model.IsEstimated ? "estimated from its size: " : "")
            + (plan.GpuLayers == 0 ? "CPU" : OnGpus(plan))
            + (reason is null ? "" : $" ({reason})")
            + (placement.Fits ? "" : "; as asked for, though it does not fit")
            + (
                plan.HostBytes <= free
                    ? ""
                    : $"; {Size(plan.HostBytes)} of main memory needed, {Size(free)} free"
            );
    }

    // Why nothing is on a GPU; null where something is, where there is none, and where it was asked for.
    private static string? WhyNone(
        PlanInput input,
        IReadOnlyList<GpuBudget> gpus,
        Placement placement
    )
    {
        if (placement.Whole.GpuLayers > 0 || gpus.Count == 0 || input.Wishes.GpuLayers == 0)
        {
            return null;
        }
        var most = gpus.MaxBy(gpu => gpu.Bytes)!;
        return $"not one layer fits beside the margin of {Size(input.Wishes.MarginBytes)} on {Short(most.Device.Description)}, {Size(most.FreeBytes)} free";
    }

    /// <summary>A card without its maker and what the driver adds: <c>RTX 4070</c>.</summary>
    public static string Short(string description)
    {
        var text = description.Split(" (")[0];
        var maker = _makers.FirstOrDefault(maker =>
            text.StartsWith(maker, StringComparison.Ordinal)
        );
        return maker is null ? text : text[maker.Length..];
    }

    private static string OnGpus(OffloadPlan plan)
    {
        var layers =
            plan.GpuLayers == plan.Layers
                ? $"all {plan.Layers} layers"
                : $"{plan.GpuLayers} of {plan.Layers} layers";
        var devices = plan.Devices.Select(device =>
            (
                plan.Devices.Count > 1
                    ? $"{device.Layers} on {Short(device.Description)}"
                    : Short(device.Description)
            ) + $" ({Of(device)})"
        );
        return (plan.Devices.Count > 1 ? $"{layers}: " : $"{layers} on ")
            + string.Join(" + ", devices)
            + (plan.CpuExpertLayers > 0 ? $", experts of {plan.CpuExpertLayers} on CPU" : "")
            + (plan.GpuLayers < plan.Layers ? ", rest on CPU" : "");
    }

    private static string Of(DevicePlan device)
    {
        var isMostlyFree = device.TotalBytes - device.FreeBytes < Notable;
        return $"{Number(device.Bytes)} of {Size(device.TotalBytes)}"
            + (isMostlyFree ? "" : $", {Number(device.FreeBytes)} free");
    }

    private static string Size(long bytes) => $"{Number(bytes)} GiB";

    private static string Number(long bytes) => (bytes / (double)(1L << 30)).ToString("F1");
}
