using System.Globalization;
using EchoRate.Core.Engine;
using EchoRate.DemoModels;
using EchoRate.LLamaSharp;
using EchoRate.LLamaSharp.Quantizing;
using EchoRate.Machine.Backends;

namespace EchoRate.Cli.Backends;

/// <summary>A model of some hundred kilobytes as F16, Q8_0 and Q4_K_M, on which GPUs are held against the CPU.</summary>
internal sealed class TrialModels : IDisposable
{
    // How far a logit may be off. Logits reach from -20 to 20, and a wrong kernel is off by as much. Mesa's software device was off by up to 0.02
    // (F16), 0.1 (Q8_0) and 0.5 (Q4_K_M): the CPU rounds what it multiplies with, and the device does not.
    private static readonly (string Quantization, double Tolerance)[] s_files =
    [
        (Source, 0.2),
        ("Q8_0", 1),
        ("Q4_K_M", 2),
    ];

    private const string Source = "F16";

    // Above 8 rows CUDA and Vulkan multiply by other kernels.
    private const int Sequences = 16;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("echorate-trial-");

    /// <summary>Writes the files.</summary>
    public TrialModels(LLamaSharpLibrary library)
    {
        var quantizer = new Quantizer(library);
        Miniatures.Llama.Write(PathOf(Source));
        foreach (var (quantization, _) in s_files.Where(file => file.Quantization != Source))
        {
            quantizer.Quantize(
                new QuantizeRequest
                {
                    Source = PathOf(Source),
                    Destination = PathOf(quantization),
                    Type = quantization,
                    Threads = 1,
                }
            );
        }
    }

    /// <summary>Computes every file wholly on a GPU.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="gpu">The GPU.</param>
    /// <param name="log">Hears what llama.cpp says: should the process die, that is what is left of it.</param>
    public TriedDevice Try(IEngine engine, DeviceFacts gpu, TextWriter log)
    {
        var largest = 0.0;
        foreach (var (quantization, tolerance) in s_files)
        {
            double difference;
            try
            {
                difference = Difference(engine, PathOf(quantization), gpu, log);
            }
            catch (EngineException e)
            {
                return new TriedDevice(gpu.Name, gpu.Backend, null, e.Message);
            }
            largest = Math.Max(largest, difference);
            if (difference > tolerance)
            {
                return new TriedDevice(
                    gpu.Name,
                    gpu.Backend,
                    double.IsFinite(difference) ? difference : null,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"it computes other numbers than the CPU: logits of a small {quantization} model {(double.IsFinite(difference) ? $"differ by up to {difference:G3}, and by {tolerance} at most where it works" : "are no numbers")}"
                    )
                );
            }
        }
        return new TriedDevice(gpu.Name, gpu.Backend, largest, null);
    }

    private static double Difference(IEngine engine, string path, DeviceFacts gpu, TextWriter log)
    {
        var cpu = Logits(engine, path, options => options, log);
        var onGpu = Logits(
            engine,
            path,
            options => options with { GpuLayers = -1, Devices = [gpu.Name] },
            log
        );
        // Not a number is no small difference.
        return cpu.Zip(onGpu)
            .Max(pair =>
                Math.Abs(pair.First - pair.Second) is var difference && double.IsFinite(difference)
                    ? difference
                    : double.PositiveInfinity
            );
    }

    // Many lone tokens in one batch, and a pair with two more in a small one, as a run has them.
    private static List<double> Logits(
        IEngine engine,
        string path,
        Func<LoadOptions, LoadOptions> with,
        TextWriter log
    )
    {
        using var session = engine.Load(
            path,
            with(
                new LoadOptions
                {
                    Sequences = Sequences,
                    BatchSize = Sequences,
                    CacheSize = 2 * Sequences,
                    Threads = 1,
                    Log = log.WriteLine,
                }
            )
        );
        var logits = new List<double>();
        var step = session.Vocabulary.Size / Sequences;
        Decode(Enumerable.Range(0, Sequences).Select(i => new BatchToken(i * step, 0, i, true)));
        session.Clear();
        Decode([
            new BatchToken(step, 0, 0, true),
            new BatchToken(2 * step, 0, 1, false),
            new BatchToken(3 * step, 1, 1, true),
        ]);
        return logits;

        void Decode(IEnumerable<BatchToken> tokens)
        {
            BatchToken[] batch = [.. tokens];
            session.Decode(batch);
            for (var i = 0; i < batch.Length; i++)
            {
                if (batch[i].WantsLogits)
                {
                    foreach (var logit in session.Logits(i))
                    {
                        logits.Add(logit);
                    }
                }
            }
        }
    }

    private string PathOf(string quantization) =>
        Path.Combine(_folder.FullName, $"trial-{quantization}.gguf");

    /// <inheritdoc />
    public void Dispose() => _folder.Delete(recursive: true);
}
