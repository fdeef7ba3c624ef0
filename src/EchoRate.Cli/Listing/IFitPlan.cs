using EchoRate.Machine;

namespace EchoRate.Cli.Listing;

/// <summary>Says whether a model fits this machine; a planner that knows GPUs takes the place of <see cref="HostFit"/>.</summary>
internal interface IFitPlan
{
    /// <summary>Whether a model of so many bytes fits: <c>yes</c>, <c>tight</c>, <c>no</c>, or <c>unknown</c>.</summary>
    string Of(long? fileBytes);

    /// <summary>What the answer stands on, in one line.</summary>
    string Describe { get; }
}

/// <summary>
/// By main memory alone: the file, which is mapped whole, and half a GiB for cache, logits and the program. <c>tight</c> is what fits the machine
/// but not what is free of it now.
/// </summary>
internal sealed class HostFit(HostMemory memory) : IFitPlan
{
    private const long Beside = 512L << 20;

    public string Describe =>
        FormattableString.Invariant(
            $"memory: {memory.TotalBytes / 1e9:F1} GB, {(memory.AvailableBytes is { } free ? FormattableString.Invariant($"{free / 1e9:F1} GB") : "unknown")} free; GPUs are not counted"
        );

    public string Of(long? fileBytes) =>
        fileBytes is not { } bytes ? "unknown"
        : bytes + Beside <= (memory.AvailableBytes ?? memory.TotalBytes) ? "yes"
        : bytes + Beside <= memory.TotalBytes ? "tight"
        : "no";
}
