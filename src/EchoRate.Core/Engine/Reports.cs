using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace EchoRate.Core.Engine;

/// <summary>What an engine says of itself, as data: which it is, and what it computes with. It can be asked for in another process.</summary>
public sealed record EngineFacts
{
    /// <summary>The engine's name as it stands in the column <c>engine</c>: <c>llamasharp</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The version of the loaded library, for example <c>0.30.0+815a2a591</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The folder that the libraries came from.</summary>
    public required string LibraryFolder { get; init; }

    /// <summary>The CPU library that was taken, for example <c>libggml-cpu-zen4.so</c>; null where the engine does not say.</summary>
    public string? CpuLibrary { get; init; }

    /// <summary>The version of ggml, llama.cpp's own library of tensors; null where the engine does not say.</summary>
    public string? GgmlVersion { get; init; }

    /// <summary>The GPU backend's library that was loaded; null for none.</summary>
    public PluginFacts? Plugin { get; init; }

    /// <summary>What computes, in one line: <c>ggml 0.18.0, avx2/libggml-cpu.so, libggml-vulkan.so sha256:4abdb7209720</c>.</summary>
    [JsonIgnore]
    public string Libraries =>
        string.Join(
            ", ",
            (
                (string?[])
                    [
                        GgmlVersion is null ? null : "ggml " + GgmlVersion,
                        CpuLibrary,
                        Plugin?.DisplayName,
                    ]
            ).OfType<string>()
        );

    /// <summary>The devices that the engine sees, the CPU among them, with their memory as it is at the time of asking.</summary>
    public required IReadOnlyList<DeviceFacts> Devices { get; init; }

    /// <summary>
    /// What the engine has to say about its libraries, a sentence each: which it took, and why not another. Empty where it had no choice.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>What one loaded model really occupies.</summary>
public sealed record SessionReport
{
    /// <summary>The backend, for example <c>cpu</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>The devices that hold layers, as the column <c>device</c> prints them: <c>CPU</c>, <c>Vulkan0 (llvmpipe)</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Layers on a GPU, the output layer counted as one.</summary>
    public required int GpuLayers { get; init; }

    /// <summary>Layers in all, the output layer counted as one: equal to <see cref="GpuLayers"/> where everything is offloaded.</summary>
    public required int Layers { get; init; }

    /// <summary>Threads that really compute.</summary>
    public required int Threads { get; init; }

    /// <summary>Contexts on the weights: 2 where a batch is decoded while another is read.</summary>
    public int Contexts { get; init; } = 1;

    /// <summary>How products of weights are computed.</summary>
    public Arithmetic Arithmetic { get; init; }

    /// <summary>Where exact arithmetic was wanted and the library multiplies otherwise: by which weights, named with their type; else null.</summary>
    public string? NotExact { get; init; }

    /// <summary>Whether the engine's tokenizer would add BOS by itself; what the file's header says is checked against it.</summary>
    public required bool AddsBos { get; init; }

    /// <summary>Most bytes on a device; null where nothing is offloaded or the engine does not say.</summary>
    public long? PeakDeviceBytes { get; init; }
}

/// <summary>The library of a GPU backend that an engine has loaded.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Sha256">Its content, 64 hex digits.</param>
public sealed record PluginFacts(string Path, string Sha256)
{
    /// <summary>File name and the beginning of its hash: <c>libggml-vulkan.so sha256:4abdb7209720</c>.</summary>
    [JsonIgnore]
    public string DisplayName => $"{System.IO.Path.GetFileName(Path)} sha256:{Sha256[..12]}";

    /// <summary>The facts of a file.</summary>
    public static PluginFacts Of(string path)
    {
        using var file = File.OpenRead(path);
        return new PluginFacts(path, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}
