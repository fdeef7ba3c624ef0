using EchoRate.Machine;

namespace EchoRate.Cli.Listing;

/// <summary>Says whether a model fits this machine, and where it would go.</summary>
internal interface IFitPlan
{
    /// <summary>Whether a file fits, and where it would go.</summary>
    FitAnswer Of(FitQuestion question);

    /// <summary>What the answers stand on, in one line.</summary>
    string Describe { get; }
}

/// <summary>A file, as far as it is known.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Quant">Its quantization; null where nobody said.</param>
/// <param name="Bytes">Its size; null where it is not known.</param>
/// <param name="Path">Where it is, the first part; null where it is not here.</param>
internal sealed record FitQuestion(string Name, string? Quant, long? Bytes, string? Path);

/// <summary>Whether a file fits.</summary>
/// <param name="Word"><c>yes</c>, <c>tight</c> (not into what is free of main memory now), <c>no</c>, or <c>unknown</c>.</param>
/// <param name="Plan">Where it would go, in one line; null where there is no GPU to plan for, or the size is not known.</param>
internal sealed record FitAnswer(string Word, string? Plan = null);

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

    public FitAnswer Of(FitQuestion question) =>
        new(question.Bytes is { } bytes ? Word(memory, bytes + Beside) : "unknown");

    /// <summary>Whether main memory holds so much.</summary>
    public static string Word(HostMemory memory, long bytes) =>
        bytes <= (memory.AvailableBytes ?? memory.TotalBytes) ? "yes"
        : bytes <= memory.TotalBytes ? "tight"
        : "no";
}
