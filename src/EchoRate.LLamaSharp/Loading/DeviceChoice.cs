using System.Globalization;
using EchoRate.Core.Engine;

namespace EchoRate.LLamaSharp.Loading;

/// <summary>Which GPUs take part, in the terms that llama.cpp's own list of GPUs allows.</summary>
/// <param name="None">Whether none does.</param>
/// <param name="Alone">The index of the only GPU; null where several, or all, take part.</param>
/// <param name="Parts">What part of the layers each GPU takes, in the list's order; empty for llama.cpp's own division.</param>
internal sealed record DeviceChoice(bool None, int? Alone, IReadOnlyList<float> Parts)
{
    /// <exception cref="EngineException">A device is not there, or cannot be chosen through LLamaSharp.</exception>
    internal static DeviceChoice Of(
        string path,
        LoadOptions options,
        IReadOnlyList<DeviceFacts> devices
    )
    {
        CheckSplit(path, options.TensorSplit);
        if (options.GpuLayers == 0)
        {
            return new DeviceChoice(true, null, []);
        }

        if (options.Devices is not { } names)
        {
            return new DeviceChoice(false, options.MainGpu, options.TensorSplit ?? []);
        }

        var gpus = Gpus(devices);

        // The CPU takes part anyway.
        var chosen = names
            .Where(name =>
                devices.FirstOrDefault(device => device.Name == name) is not { IsGpu: false }
            )
            .Select(name => IndexOf(path, name, gpus, devices))
            .ToList();
        return chosen.Count switch
        {
            0 => new DeviceChoice(true, null, []),
            1 => new DeviceChoice(false, chosen[0], []),
            _ when options.MainGpu is { } main => new DeviceChoice(
                false,
                chosen[Math.Min(main, chosen.Count - 1)],
                []
            ),
            _ => new DeviceChoice(false, null, PartsOf(chosen, options.TensorSplit, gpus)),
        };
    }

    // llama.cpp takes the GPUs with memory of their own, and integrated ones only where there is no other (llama.cpp, "default device selection").
    private static List<DeviceFacts> Gpus(IReadOnlyList<DeviceFacts> devices)
    {
        var own = devices.Where(device => device.Kind == DeviceKind.Gpu).ToList();
        return own.Count > 0
            ? own
            : [.. devices.Where(device => device.Kind == DeviceKind.IntegratedGpu)];
    }

    private static int IndexOf(
        string path,
        string name,
        List<DeviceFacts> gpus,
        IReadOnlyList<DeviceFacts> devices
    )
    {
        var index = gpus.FindIndex(gpu => gpu.Name == name);
        return index >= 0
            ? index
            : throw new EngineException(
                devices.Any(device => device.Name == name)
                    ? $"cannot load {path}: LLamaSharp cannot be told to use '{name}' beside {gpus[0].Name}; take --engine llama"
                    : $"cannot load {path}: there is no device '{name}'; there are: {string.Join(", ", devices.Select(device => device.Name))}"
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

    private static void CheckSplit(string path, IReadOnlyList<float>? parts)
    {
        if (
            parts is not null
            && (parts.Any(part => !(part >= 0 && float.IsFinite(part))) || parts.Sum() <= 0)
        )
        {
            throw new EngineException(
                $"cannot load {path}: the parts of the devices are numbers, 0 or more, not all 0; given: {string.Join(", ", parts.Select(part => part.ToString(CultureInfo.InvariantCulture)))}"
            );
        }
    }
}
