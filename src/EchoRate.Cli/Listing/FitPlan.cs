using EchoRate.Cli.Composition;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Gguf;
using EchoRate.Machine.Host;
using EchoRate.Machine.Planning;

namespace EchoRate.Cli.Listing;

/// <summary>Says whether a model fits this machine, and where it would go.</summary>
internal sealed class FitPlan(IReadOnlyList<DeviceFacts> devices, HostMemory memory)
{
    // What Q4_K_M takes on average: for a file whose label says nothing.
    private const double UsualBits = 4.85;

    // Cache, logits and the program, beside the file, which is mapped whole.
    private const long Beside = 512L << 20;

    private readonly List<DeviceFacts> _gpus = [.. devices.Where(device => device.IsGpu)];

    /// <summary>What the answers stand on, in one line.</summary>
    public string Describe =>
        _gpus.Count == 0
            ? $"memory: {memory.TotalBytes / 1e9:F1} GB, {(memory.AvailableBytes is { } free ? $"{free / 1e9:F1} GB" : "unknown")} free; GPUs are not counted"
            : $"memory: {memory.TotalBytes / 1e9:F1} GB; "
                + string.Join(
                    ", ",
                    _gpus.Select(gpu =>
                        $"{gpu.DisplayName}: {gpu.FreeBytes / 1e9:F1} of {gpu.TotalBytes / 1e9:F1} GB free"
                    )
                );

    /// <summary>
    /// Whether a file fits: <c>yes</c>, <c>tight</c> (not into what is free of main memory now), <c>no</c>, or <c>unknown</c>; and where it would go,
    /// null where there is no GPU to plan for, or the size is not known.
    /// </summary>
    /// <param name="name">What people call it.</param>
    /// <param name="quant">Its quantization; null where nobody said.</param>
    /// <param name="bytes">Its size; null where it is not known.</param>
    /// <param name="path">Where it is, the first part; null where it is not here.</param>
    public (string Word, string? Plan) Of(string name, string? quant, long? bytes, string? path)
    {
        if (_gpus.Count == 0)
        {
            return (bytes is { } size ? Word(size + Beside) : "unknown", null);
        }
        // From the header of a file that is here, else from its size.
        var shape =
            path is not null && GgufFile.TryRead(path, out var file, out _)
                ? ModelShape.From(file!, name)
            : bytes is { } known ? ModelShape.Estimate(name, known, BitsOf(quant))
            : null;
        if (shape is null)
        {
            return ("unknown", null);
        }
        // The plan that a run with the default questions would make.
        var facts = new ModelFacts
        {
            Model = name,
            VocabularySize = (int)Math.Min(int.MaxValue, shape.VocabularySize),
        };
        var plan = OffloadPlanner.Plan(
            new PlanInput
            {
                Model = shape,
                Devices = devices,
                Host = memory,
                Batches = RunPlanner.Batches(new ProbeRequest(), facts, sequences: null),
            }
        );
        return (Word(plan.HostBytes), plan.Explanation[(shape.Name.Length + ": ".Length)..]);
    }

    private string Word(long bytes) =>
        bytes <= (memory.AvailableBytes ?? memory.TotalBytes) ? "yes"
        : bytes <= memory.TotalBytes ? "tight"
        : "no";

    // The type that most tensors take, and some more of the few that are kept finer.
    private static double BitsOf(string? quantization) =>
        quantization is not null && QuantizationNames.TensorTypeOf(quantization) is { } type
            ? type.BitsPerNumber() * (type.IsQuantized() && type.BitsPerNumber() < 8 ? 1.08 : 1)
            : UsualBits;
}
