using System.Text;
using EchoRate.Core.Engine;
using LLama.Abstractions;
using LLama.Common;
using LLama.Native;

namespace EchoRate.LLamaSharp.Loading;

/// <summary>
/// Turns our options into LLamaSharp's. It keeps llama.cpp's list of devices to itself, so devices are chosen by what it does hand over:
/// one device by split mode "none" and its index, no device by "none" and -1, several by giving the others no part of the layers.
/// </summary>
internal static class ModelSettings
{
    // Its own default offloads 20 layers.
    internal static ModelParams Of(
        string path,
        IReadOnlyDictionary<string, bool> metadataOverrides
    ) =>
        new(path)
        {
            GpuLayerCount = 0,
            SplitMode = GPUSplitMode.None,
            MainGpu = -1,
            MetadataOverrides =
            [
                .. metadataOverrides.Select(pair => new MetadataOverride(
                    Checked(pair.Key),
                    pair.Value
                )),
            ],
        };

    internal static ModelParams Of(
        string path,
        LoadOptions options,
        IReadOnlyList<DeviceFacts> devices
    )
    {
        var settings = Of(path, options.MetadataOverrides);
        var choice = DeviceChoice.Of(path, options, devices);
        if (choice.None)
        {
            return settings;
        }

        settings.GpuLayerCount = options.GpuLayers;
        settings.SplitMode = choice.Alone is null ? GPUSplitMode.Layer : GPUSplitMode.None;
        settings.MainGpu = choice.Alone ?? 0;
        if (choice.Parts.Count > settings.TensorSplits.Length)
        {
            throw new EngineException(
                $"cannot load {path}: at most {settings.TensorSplits.Length} parts of devices, not {choice.Parts.Count}"
            );
        }

        foreach (var (index, part) in choice.Parts.Index())
        {
            settings.TensorSplits[index] = part;
        }

        for (var layer = 0; layer < options.CpuExpertLayers; layer++)
        {
            settings.TensorBufferOverrides.Add(
                new TensorBufferOverride(
                    $@"blk\.{layer}\.ffn_(up|down|gate|gate_up)_(ch|)exps",
                    "CPU"
                )
            );
        }

        return settings;
    }

    // LLamaSharp writes past the end's mark with a key of 128 bytes.
    private static string Checked(string key)
    {
        var length = Encoding.UTF8.GetByteCount(key);
        return length is >= 1 and <= 127 && !key.Contains('\0', StringComparison.Ordinal)
            ? key
            : throw new ArgumentException(
                $"a metadata key has 1 to 127 bytes, not {length}: '{key}'"
            );
    }
}
