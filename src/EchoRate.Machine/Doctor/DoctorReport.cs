using EchoRate.Core.Engine;

namespace EchoRate.Machine.Doctor;

/// <summary>What this machine has to run llama.cpp with, and what it lacks.</summary>
public sealed record DoctorReport
{
    /// <summary>Whether a run would work.</summary>
    public required bool WouldRun { get; init; }

    /// <summary>Why not, in one line; null where it would.</summary>
    public string? Failure { get; init; }

    /// <summary>The platform, in the words of the packages: <c>linux-x64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>What a run takes unasked; null where it would not work.</summary>
    public EngineInUse? Engine { get; init; }

    /// <summary>Every device that an installed backend shows, the CPU once.</summary>
    public IReadOnlyList<ExaminedDevice> Devices { get; init; } = [];

    /// <summary>The backends for this machine, best first.</summary>
    public IReadOnlyList<ExaminedBackend> Backends { get; init; } = [];

    /// <summary>The version of NVIDIA's driver; null where none was found.</summary>
    public string? NvidiaDriver { get; init; }

    /// <summary>Who told the version; null where none was found.</summary>
    public string? NvidiaDriverSource { get; init; }

    /// <summary>Graphics adapters on the bus; null where the system does not show them.</summary>
    public IReadOnlyList<GraphicsAdapter>? Adapters { get; init; }

    /// <summary>The description files of Vulkan drivers; null where we cannot look.</summary>
    public IReadOnlyList<string>? VulkanDrivers { get; init; }

    /// <summary>What is missing or notable, and what to do about it.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <summary>What a run takes unasked.</summary>
/// <param name="Name">The engine.</param>
/// <param name="Version">Its version and the commit of its llama.cpp.</param>
/// <param name="Backend">The backend that <c>--backend auto</c> takes.</param>
/// <param name="LibraryFolder">Where llama.cpp's libraries lie.</param>
/// <param name="CpuLibrary">The CPU library that was taken; null where it does not say.</param>
/// <param name="Plugin">The GPU library that was loaded; null for none.</param>
/// <param name="Notes">What was loaded, and why not CUDA: a sentence each.</param>
public sealed record EngineInUse(
    string Name,
    string Version,
    string Backend,
    string LibraryFolder,
    string? CpuLibrary,
    PluginFacts? Plugin,
    IReadOnlyList<string> Notes
);

/// <summary>A device, and who brings it.</summary>
/// <param name="Name">llama.cpp's name: <c>CUDA0</c>.</param>
/// <param name="Description">What it is.</param>
/// <param name="Backend">The backend as <c>--backend</c> calls it: <c>cuda12</c> is one of its own.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="FreeBytes">Memory that is free now; null where the backend does not say.</param>
/// <param name="TotalBytes">Memory in all; null where the backend does not say.</param>
/// <param name="Driver">Its driver; null where it could not be found out, and for the CPU.</param>
public sealed record ExaminedDevice(
    string Name,
    string Description,
    string Backend,
    DeviceKind Kind,
    long? FreeBytes,
    long? TotalBytes,
    string? Driver
);

/// <summary>A backend, and whether it works here.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Installed">Whether its library is there.</param>
/// <param name="Works">Whether it has computed as the CPU does; null where it is not installed.</param>
/// <param name="Reason">Why it does not work; null where it does, or is not installed.</param>
/// <param name="LargestDifference">The largest difference of a logit against the CPU on the trial's model; null where nothing was computed.</param>
/// <param name="DownloadBytes">Bytes to download for it.</param>
/// <param name="DiskBytes">Bytes of its library; null where it is not installed.</param>
/// <param name="Where">Where its library is, or would be put by hand.</param>
public sealed record ExaminedBackend(
    string Name,
    bool Installed,
    bool? Works,
    string? Reason,
    double? LargestDifference,
    long DownloadBytes,
    long? DiskBytes,
    string Where
);
