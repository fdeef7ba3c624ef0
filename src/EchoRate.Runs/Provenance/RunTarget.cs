using EchoRate.Core.Engine;

namespace EchoRate.Runs.Provenance;

/// <summary>What files are measured on: an engine, the GPU library that it loads, and a device. A run measures every file on every target.</summary>
public sealed record RunTarget
{
    /// <summary>The engine's name: <c>llamasharp</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The backend that computes: <c>cpu</c>, <c>cuda</c>, <c>vulkan</c>, <c>metal</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>The GPU backend's library that is loaded into the engine; null where it is not chosen yet, or where the engine needs none.</summary>
    public string? Plugin { get; init; }

    /// <summary>The device, by the engine's name (<c>CUDA0</c>); null for those that suit backend and file.</summary>
    public string? Device { get; init; }

    /// <summary>How products of weights are computed; null for exactly where no GPU takes part, and as the library does where one does.</summary>
    public Arithmetic? Arithmetic { get; init; }

    /// <summary>
    /// The device in the names of journals and logs: <c>cpu</c>, <c>vulkan0</c>. No two targets of a run have engine and label in common.
    /// </summary>
    public required string DeviceLabel { get; init; }

    /// <summary>Where rows that were measured in one arithmetic are measured in the other: on the CPU.</summary>
    public RunTarget Other(Arithmetic was) =>
        this with
        {
            Backend = "cpu",
            Device = "CPU",
            Plugin = null,
            Arithmetic =
                was == Core.Engine.Arithmetic.Exact
                    ? Core.Engine.Arithmetic.Library
                    : Core.Engine.Arithmetic.Exact,
        };
}
