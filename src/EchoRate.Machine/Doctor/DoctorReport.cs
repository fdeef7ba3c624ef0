using EchoRate.Core.Engine;

namespace EchoRate.Machine.Doctor;

/// <summary>What this machine has to run llama.cpp with, and what it lacks. docs/doctor.md describes every field, which JSON has in snake_case.</summary>
public sealed record DoctorReport
{
    public required bool WouldRun { get; init; }
    public string? Failure { get; init; }
    public required string Platform { get; init; }
    public EngineInUse? Engine { get; init; }
    public required IReadOnlyList<ExaminedDevice> Devices { get; init; }
    public required IReadOnlyList<ExaminedBackend> Backends { get; init; }
    public string? NvidiaDriver { get; init; }
    public string? NvidiaDriverSource { get; init; }
    public IReadOnlyList<GraphicsAdapter>? Adapters { get; init; }
    public IReadOnlyList<string>? VulkanDrivers { get; init; }
    public required IReadOnlyList<Finding> Findings { get; init; }
}

/// <summary>What a run takes unasked: the engine, its backend and libraries, and what they say of themselves.</summary>
public sealed record EngineInUse(
    string Name,
    string Version,
    string Backend,
    string LibraryFolder,
    string? CpuLibrary,
    PluginFacts? Plugin,
    IReadOnlyList<string> Notes
);

/// <summary>A device, and the backend that brings it, as <c>--backend</c> calls it.</summary>
public sealed record ExaminedDevice(
    string Name,
    string Description,
    string Backend,
    DeviceKind Kind,
    long? FreeBytes,
    long? TotalBytes,
    string? Driver
);

/// <summary>A backend, and whether it works here, with the largest difference of a logit against the CPU on the trial's model.</summary>
public sealed record ExaminedBackend
{
    public required string Name { get; init; }
    public required bool Installed { get; init; }
    public bool? Works { get; init; }
    public string? Reason { get; init; }
    public double? LargestDifference { get; init; }
    public required long DownloadBytes { get; init; }
    public long? DiskBytes { get; init; }
    public required string? Where { get; init; }
}

/// <summary>The backends of a platform, best first: what <c>echorate backend list</c> shows.</summary>
public sealed record BackendList(string Platform, IReadOnlyList<ExaminedBackend> Backends);

/// <summary>Something that the doctor noticed.</summary>
/// <param name="Code">A stable word for programs.</param>
/// <param name="Message">What is, in one sentence.</param>
/// <param name="Remedy">What to do about it; null where there is nothing that we know.</param>
/// <param name="Backend">The backend that it concerns; null for the machine as a whole.</param>
public sealed record Finding(string Code, string Message, string? Remedy, string? Backend = null);
