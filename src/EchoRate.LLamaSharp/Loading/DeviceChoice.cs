using EchoRate.Core.Engine;

namespace EchoRate.LLamaSharp.Loading;

/// <summary>Which GPUs take part, in the terms that llama.cpp's own list of GPUs allows.</summary>
/// <param name="Alone">The index of the only GPU; null where several, or all, take part.</param>
/// <param name="Parts">What part of the layers each GPU takes, in the list's order; empty for llama.cpp's own division.</param>
internal sealed record DeviceChoice(int? Alone, IReadOnlyList<float> Parts)
{
    /// <exception cref="EngineException">A device is not there, or cannot be chosen through LLamaSharp.</exception>
    internal static DeviceChoice Of(LoadOptions options, IReadOnlyList<DeviceFacts> devices)
    {
        var gpus = Gpus(devices);
        if (options.Devices is not { } names)
        {
            return new DeviceChoice(null, options.TensorSplit ?? []);
        }

        var chosen = names.Select(name => IndexOf(name, gpus)).ToList();
        return chosen.Count == 1
            ? new DeviceChoice(chosen[0], [])
            : new DeviceChoice(null, PartsOf(chosen, options.TensorSplit, gpus));
    }

    // llama.cpp takes the GPUs with memory of their own, and integrated ones only where there is no other (llama.cpp, "default device selection").
    private static List<DeviceFacts> Gpus(IReadOnlyList<DeviceFacts> devices)
    {
        var own = devices.Where(device => device.Kind == DeviceKind.Gpu).ToList();
        return own.Count > 0
            ? own
            : [.. devices.Where(device => device.Kind == DeviceKind.IntegratedGpu)];
    }

    private static int IndexOf(string name, List<DeviceFacts> gpus)
    {
        var index = gpus.FindIndex(gpu =>
            gpu.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
        );
        return index >= 0
            ? index
            : throw new EngineException(
                $"no GPU {name} that LLamaSharp can be told to use; there are: {(gpus.Count > 0 ? string.Join(", ", gpus.Select(gpu => gpu.Name)) : "none")}"
            );
    }

    private static float[] PartsOf(
        List<int> chosen,
        IReadOnlyList<float>? split,
        List<DeviceFacts> gpus
    )
    {
        var parts = new float[gpus.Count];
        for (var i = 0; i < chosen.Count; i++)
        {
            parts[chosen[i]] = split is null
                ? Math.Max(1f, gpus[chosen[i]].FreeBytes)
                : split.ElementAtOrDefault(i);
        }

        return parts;
    }
}
