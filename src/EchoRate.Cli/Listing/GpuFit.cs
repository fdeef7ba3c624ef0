using EchoRate.Cli.Composition;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Gguf;
using EchoRate.Machine;
using EchoRate.Machine.Planning;

namespace EchoRate.Cli.Listing;

/// <summary>The plan that a run with the default questions would make: from the header of a file that is here, else from its size.</summary>
/// <param name="devices">What the engine sees, a GPU among them.</param>
/// <param name="memory">Main memory.</param>
internal sealed class GpuFit(IReadOnlyList<DeviceFacts> devices, HostMemory memory) : IFitPlan
{
    // What Q4_K_M takes on average: for a file whose label says nothing.
    private const double UsualBits = 4.85;

    private static readonly ProbeRequest s_usual = new();

    public string Describe =>
        FormattableString.Invariant($"memory: {memory.TotalBytes / 1e9:F1} GB; ")
        + string.Join(
            ", ",
            devices
                .Where(device => device.IsGpu)
                .Select(device =>
                    FormattableString.Invariant(
                        $"{device.DisplayName}: {device.FreeBytes / 1e9:F1} of {device.TotalBytes / 1e9:F1} GB free"
                    )
                )
        );

    public FitAnswer Of(FitQuestion question)
    {
        if (ShapeOf(question) is not { } shape)
        {
            return new FitAnswer("unknown");
        }
        var plan = OffloadPlanner.Plan(
            new PlanInput
            {
                Model = shape,
                Devices = devices,
                Host = memory,
                Batches = RunPlanner.Batches(
                    s_usual,
                    new ModelFacts
                    {
                        Model = question.Name,
                        VocabularySize = (int)Math.Min(int.MaxValue, shape.VocabularySize),
                    },
                    sequences: null
                ),
            }
        );
        return new FitAnswer(
            HostFit.Word(memory, plan.HostBytes),
            plan.Explanation[(shape.Name.Length + ": ".Length)..]
        );
    }

    private static ModelShape? ShapeOf(FitQuestion question) =>
        question.Path is { } path && GgufFile.TryRead(path, out var file, out _)
            ? ModelShape.From(file!, question.Name)
        : question.Bytes is { } bytes
            ? ModelShape.Estimate(question.Name, bytes, BitsOf(question.Quant))
        : null;

    // The type that most tensors take, and some more of the few that are kept finer.
    private static double BitsOf(string? quantization) =>
        quantization is not null && QuantizationNames.TensorTypeOf(quantization) is { } type
            ? type.BitsPerNumber() * (type.IsQuantized() && type.BitsPerNumber() < 8 ? 1.08 : 1)
            : UsualBits;
}
