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

    /// <summary>The engine that measures where nobody says otherwise.</summary>
    public required string DefaultEngine { get; init; }

    /// <summary>The engines of this build that bring libraries of their own.</summary>
    public IReadOnlyList<PackagedEngine> PackagedEngines { get; init; } = [];

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
/// <param name="Version">llama.cpp's own version.</param>
/// <param name="Release">The release that the folder names; null where it does not.</param>
/// <param name="Backend">The backend that <c>--backend auto</c> takes.</param>
/// <param name="LibraryFolder">Where its libraries lie.</param>
/// <param name="Source"><c>variable</c> (ECHORATE_LLAMA_DIR), <c>program</c> (beside it) or <c>user</c> (fetched by us).</param>
/// <param name="CpuLibrary">The CPU library that llama.cpp took; null where it does not say.</param>
public sealed record EngineInUse(
    string Name,
    string Version,
    string? Release,
    string Backend,
    string LibraryFolder,
    string Source,
    string? CpuLibrary
);

/// <summary>An engine that brings libraries of its own, and what it took of them.</summary>
/// <param name="Name">The engine.</param>
/// <param name="Version">The version of its llama.cpp; null where it could not be loaded.</param>
/// <param name="LibraryFolder">Where its libraries lie; null where it could not be loaded.</param>
/// <param name="CpuLibrary">The CPU library that was taken; null where it does not say.</param>
/// <param name="Devices">The devices that it sees, as the column <c>device</c> prints them.</param>
/// <param name="Notes">What it took, and why not CUDA: a sentence each.</param>
/// <param name="Failure">Why it could not be loaded, in one line; null where it was.</param>
public sealed record PackagedEngine(
    string Name,
    string? Version,
    string? LibraryFolder,
    string? CpuLibrary,
    IReadOnlyList<string> Devices,
    IReadOnlyList<string> Notes,
    string? Failure
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
/// <param name="Installed">Whether its libraries are there.</param>
/// <param name="Works">Whether it shows a device; null where it is not installed.</param>
/// <param name="Reason">Why it does not work; null where it does, or is not installed.</param>
/// <param name="Missing">Libraries that the system's loader does not find.</param>
/// <param name="DownloadBytes">Bytes to download for all of it.</param>
/// <param name="Where">The folder of its libraries; null where it is not installed.</param>
public sealed record ExaminedBackend(
    string Name,
    bool Installed,
    bool? Works,
    string? Reason,
    IReadOnlyList<string> Missing,
    long? DownloadBytes,
    string? Where
);
