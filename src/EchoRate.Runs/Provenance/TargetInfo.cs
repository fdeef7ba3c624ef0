using EchoRate.Core.Engine;

namespace EchoRate.Runs.Provenance;

/// <summary>One target of a run, and what was found there when it began.</summary>
public sealed record TargetInfo
{
    /// <summary>The engine's name.</summary>
    public required string Engine { get; init; }

    /// <summary>The version of its library; null where no file could be started.</summary>
    public string? Version { get; init; }

    /// <summary>The backend that was asked for.</summary>
    public required string Backend { get; init; }

    /// <summary>The device that was asked for; null for those that suit backend and file.</summary>
    public string? Device { get; init; }

    /// <summary>The device in the names of journals and logs.</summary>
    public required string DeviceLabel { get; init; }

    /// <summary>Where the libraries were.</summary>
    public string? LibraryFolder { get; init; }

    /// <summary>The CPU library taken; null where the engine does not say.</summary>
    public string? CpuLibrary { get; init; }

    /// <summary>The version of ggml; null where no file could be started.</summary>
    public string? GgmlVersion { get; init; }

    /// <summary>The GPU backend's library; null for none.</summary>
    public PluginFacts? Plugin { get; init; }

    /// <summary>What the engine saw, with the memory of then.</summary>
    public IReadOnlyList<DeviceFacts> Devices { get; init; } = [];

    /// <summary>What the engine had to say about its libraries.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>A target.</summary>
    /// <param name="target">What was asked for.</param>
    /// <param name="engine">What was found; null where no file could be started.</param>
    public static TargetInfo Of(RunTarget target, EngineFacts? engine) =>
        new()
        {
            Engine = target.Engine,
            Version = engine?.Version,
            Backend = target.Backend,
            Device = target.Device,
            DeviceLabel = target.DeviceLabel,
            LibraryFolder = engine?.LibraryFolder,
            CpuLibrary = engine?.CpuLibrary,
            GgmlVersion = engine?.GgmlVersion,
            Plugin = engine?.Plugin,
            Devices = engine?.Devices ?? [],
            Notes = engine?.Notes ?? [],
        };
}

/// <summary>The engine of a run with one target, as it is written beside the targets for whoever reads no more than that.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The library's version.</param>
/// <param name="LibraryFolder">Where the libraries were.</param>
/// <param name="CpuLibrary">The CPU library taken.</param>
/// <param name="Devices">What the engine sees.</param>
public sealed record EngineInfo(
    string Name,
    string Version,
    string? LibraryFolder,
    string? CpuLibrary,
    IReadOnlyList<string> Devices
)
{
    internal static EngineInfo? OfOnly(IReadOnlyList<TargetInfo> targets) =>
        targets is [{ Version: { } version } only]
            ? new EngineInfo(
                only.Engine,
                version,
                only.LibraryFolder,
                only.CpuLibrary,
                [.. only.Devices.Select(NameOf)]
            )
            : null;

    /// <summary>A device in one word: its name, and in parentheses what it is.</summary>
    internal static string NameOf(DeviceFacts device) => $"{device.Name} ({device.Description})";
}
