using System.Text.RegularExpressions;
using EchoRate.Core.Engine;

namespace EchoRate.Core.LlamaCpp;

/// <summary>
/// What llama.cpp says while it loads, read for where the model went. The C interface does not tell it. The lines (v0.4.0, v0.5.0):
/// <c>load_tensors: offloaded 3/29 layers to GPU</c> (only where a GPU is known; the output layer counts as one),
/// <c>load_tensors: Vulkan0 model buffer size = 1.25 MiB</c>, and the same for <c>KV</c>, <c>RS</c> and <c>compute</c> buffers.
/// </summary>
public sealed partial class LoadLog(IReadOnlyList<string> lines)
{
    /// <summary>What was loaded, and where.</summary>
    public SessionReport Report(
        IReadOnlyList<DeviceFacts> devices,
        int modelLayers,
        int threads,
        bool addsBos,
        int cpuExpertLayers = 0
    )
    {
        var (offloaded, layers) = Offloaded() ?? (0, modelLayers + 1);
        var gpus = devices.Where(device => device.IsGpu && Bytes(device, "model") > 0).ToArray();
        if (gpus.Length == 0)
        {
            offloaded = 0;
        }
        var names = gpus.Select(device => device.DisplayName);
        return new SessionReport
        {
            Backend = gpus.Length > 0 ? gpus[0].Backend : "cpu",
            Device = string.Join(
                " + ",
                offloaded < layers || cpuExpertLayers > 0 ? names.Append("CPU") : names
            ),
            GpuLayers = offloaded,
            Layers = layers,
            Threads = threads,
            AddsBos = addsBos,
            PeakDeviceBytes =
                gpus.Length > 0 ? gpus.Sum(device => Bytes(device, kind: null)) : null,
        };
    }

    /// <summary>Bytes of weights that lie on a device.</summary>
    public long WeightBytes(DeviceFacts device) => Bytes(device, "model");

    private (int Offloaded, int Layers)? Offloaded() =>
        lines.Select(line => OffloadedLine().Match(line)).LastOrDefault(match => match.Success)
            is { } match
            ? (Number(match.Groups[1]), Number(match.Groups[2]))
            : null;

    // A device's buffers bear its name, or its name and how they were mapped (MTL0_Mapped); Vulkan_Host is memory of the host.
    private long Bytes(DeviceFacts device, string? kind) =>
        lines
            .Select(line => BufferLine().Match(line))
            .Where(match =>
                match.Success
                && (kind is null || match.Groups[2].Value == kind)
                && (
                    match.Groups[1].Value == device.Name
                    || match.Groups[1].Value.StartsWith(device.Name + "_", StringComparison.Ordinal)
                )
            )
            .Sum(match => (long)(double.Parse(match.Groups[3].Value) * 1024 * 1024));

    private static int Number(Group group) => int.Parse(group.Value);

    [GeneratedRegex(@"offloaded (\d+)/(\d+) layers to GPU")]
    private static partial Regex OffloadedLine();

    [GeneratedRegex(
        @"^\S+:\s+(\S+)\s+(model|KV|RS|compute|output)\s+buffer size\s*=\s*([0-9.]+) MiB"
    )]
    private static partial Regex BufferLine();
}
