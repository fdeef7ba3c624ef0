using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.DemoModels;
using EchoRate.LLamaSharp.Libraries;
using EchoRate.LLamaSharp.Quantizing;
using EchoRate.Machine.Backends;

namespace EchoRate.Cli.Composition;

/// <summary>A model of some hundred kilobytes as F16, Q8_0 and Q4_K_M, on which GPUs are held against the CPU.</summary>
internal sealed class TrialModels : IDisposable
{
    // How far a logit may be off. The token's own logit is near 20, and a wrong kernel is off by as much. On Mesa's software device the largest
    // difference over the three files was 0.07: the CPU rounds what it multiplies with, and the device does not.
    private static readonly (string Quantization, double Tolerance)[] _files =
    [
        ("F16", 0.2),
        ("Q8_0", 1),
        ("Q4_K_M", 2),
    ];

    // Above 8 rows CUDA and Vulkan multiply by other kernels.
    private const int Sequences = 16;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("echorate-trial-");

    public TrialModels(LLamaSharpLibrary library)
    {
        var quantizer = new Quantizer(library);
        DemoCatalogue.Small.Write(PathOf("F16"));
        foreach (var (quantization, _) in _files.Skip(1))
        {
            quantizer.Quantize(
                new QuantizeRequest
                {
                    Source = PathOf("F16"),
                    Destination = PathOf(quantization),
                    Type = quantization,
                    Threads = 1,
                }
            );
        }
    }

    /// <summary>Computes every file wholly on a GPU. The log hears what llama.cpp says: should the process die, that is what is left of it.</summary>
    public TriedDevice Try(IEngine engine, DeviceFacts gpu, TextWriter log)
    {
        var largest = 0.0;
        foreach (var (quantization, tolerance) in _files)
        {
            try
            {
                var path = PathOf(quantization);
                var (difference, weights) = Compare(engine, path, gpu, log);
                if (CauseOf(difference, tolerance, weights, new FileInfo(path).Length) is { } cause)
                {
                    return new TriedDevice(
                        gpu.Name,
                        gpu.Backend,
                        double.IsFinite(difference) ? difference : null,
                        $"a small {quantization} model: {cause}"
                    );
                }
                largest = Math.Max(largest, difference);
            }
            catch (EngineException e)
            {
                return new TriedDevice(gpu.Name, gpu.Backend, null, e.Message);
            }
        }
        return new TriedDevice(gpu.Name, gpu.Backend, largest, null);
    }

    // llama.cpp leaves on the CPU what a device has no operation or no room for, and then nothing is tried. The rows of tokens are always there.
    private static string? CauseOf(double difference, double tolerance, long weights, long all) =>
        weights < all / 2
            ? $"llama.cpp puts {weights} of its {all} bytes on the device and leaves the rest on the CPU"
        : !double.IsFinite(difference) ? "logits are no numbers"
        : difference <= tolerance ? null
        : $"logits differ from the CPU's by up to {difference:G3}, and by {tolerance} at most where a device works";

    private static (double Difference, long Weights) Compare(
        IEngine engine,
        string path,
        DeviceFacts gpu,
        TextWriter log
    )
    {
        var lines = new List<string>();
        var onCpu = new LoadOptions
        {
            Sequences = Sequences,
            BatchSize = Sequences,
            CacheSize = 2 * Sequences,
            Threads = 1,
            Log = log.WriteLine,
        };
        var onGpu = onCpu with
        {
            GpuLayers = -1,
            Devices = [gpu.Name],
            Log = line =>
            {
                lines.Add(line);
                log.WriteLine(line);
            },
        };
        var differences = Logits(engine, path, onCpu)
            .Zip(Logits(engine, path, onGpu), (cpu, other) => Math.Abs((double)cpu - other));
        // Not a number is no small difference.
        var largest = differences.Max(difference =>
            double.IsFinite(difference) ? difference : double.PositiveInfinity
        );
        return (largest, new LoadLog(lines).WeightBytes(gpu));
    }

    // Many lone tokens in one batch, and a pair with two more in a small one, as a run has them.
    private static List<float> Logits(IEngine engine, string path, LoadOptions options)
    {
        using var session = engine.Load(path, options);
        var logits = new List<float>();
        var step = session.Vocabulary.Size / Sequences;
        Decode([
            .. Enumerable.Range(0, Sequences).Select(i => new BatchToken(i * step, 0, i, true)),
        ]);
        session.Clear();
        Decode([new(step, 0, 0, true), new(2 * step, 0, 1, false), new(3 * step, 1, 1, true)]);
        return logits;

        void Decode(BatchToken[] batch)
        {
            session.Decode(batch);
            foreach (var (i, _) in batch.Index().Where(token => token.Item.WantsLogits))
            {
                logits.AddRange(session.Logits(i));
            }
        }
    }

    private string PathOf(string quantization) =>
        Path.Combine(_folder.FullName, $"trial-{quantization}.gguf");

    public void Dispose() => _folder.Delete(recursive: true);
}
