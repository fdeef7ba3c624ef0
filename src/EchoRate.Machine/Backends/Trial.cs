using System.Text.Json.Serialization;
using EchoRate.Core.Engine;

namespace EchoRate.Machine.Backends;

/// <summary>
/// What came of loading llama.cpp in a process of its own, with a GPU's library or without. <c>echorate trial</c> prints it as a line of JSON: once when
/// all is loaded, and where there are GPUs, again when they have computed. Whoever dies while computing has said the first.
/// </summary>
public sealed record Trial
{
    /// <summary>The engine's facts; null where it could not be loaded.</summary>
    public EngineFacts? Facts { get; init; }

    /// <summary>What came of each GPU; null where they were not tried to the end.</summary>
    public IReadOnlyList<TriedDevice>? Tried { get; init; }

    /// <summary>Why nothing can be said, or what ended the trial, in one line; null where it came to its end.</summary>
    [JsonIgnore]
    public string? Failure { get; init; }

    /// <summary>What came of the GPUs of a backend.</summary>
    public IEnumerable<TriedDevice> Of(string deviceBackend) =>
        (Tried ?? []).Where(device => device.Backend == deviceBackend);

    /// <summary>Why a backend does not work; null where a device of it does.</summary>
    public string? Problem(string deviceBackend) =>
        Of(deviceBackend).Any(device => device.Works) ? null
        : Failure is not null ? Failure
        : Of(deviceBackend).FirstOrDefault() is { } failed ? $"{failed.Device}: {failed.Cause}"
        : "it shows no device";
}

/// <summary>A GPU on which a small model was computed and held against the CPU.</summary>
/// <param name="Device">Its name: <c>CUDA0</c>.</param>
/// <param name="Backend">The backend that drives it: <c>cuda</c>.</param>
/// <param name="LargestDifference">The largest difference of a logit, in nats; null where nothing was computed.</param>
/// <param name="Cause">Why it does not work; null where it does.</param>
public sealed record TriedDevice(
    string Device,
    string Backend,
    double? LargestDifference,
    string? Cause
)
{
    /// <summary>Whether it computes as the CPU does.</summary>
    [JsonIgnore]
    public bool Works => Cause is null;
}
