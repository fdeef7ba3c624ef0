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
    // Logits reach from -20 to 20. Mesa's software device differs from the CPU by up to 0.02 (F16), 0.1 (Q8_0) and 0.5 (Q4_K_M), where the
    // CPU rounds what it multiplies with and the device does not; a wrong kernel differs by more than the logits themselves.
    private const double Tolerance = 2;

    private static readonly string[] s_quantizations = ["Q8_0", "Q4_K_M"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("echorate-trial-");
    private readonly List<string> _paths = [];

    /// <summary>Writes the files.</summary>
    public TrialModels(LLamaSharpLibrary library)
    {
        var quantizer = new Quantizer(library);
        var source = PathOf("F16");
        Miniatures.Llama.Write(source);
        foreach (var type in s_quantizations)
        {
            quantizer.Quantize(
                new QuantizeRequest
                {
                    Source = source,
                    Destination = PathOf(type),
                    Type = type,
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
        try
        {
            var largest = _paths.Max(path => Difference(engine, path, gpu, log));
            return new TriedDevice(
                gpu.Name,
                gpu.Backend,
                largest,
                largest <= Tolerance
                    ? null
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"it computes other numbers than the CPU: logits of a small model differ by up to {largest:G3}, and by {Tolerance} at most where it works"
                    )
            );
        }
        catch (EngineException e)
        {
            return new TriedDevice(gpu.Name, gpu.Backend, null, e.Message);
        }
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

    // Two lone tokens and a pair in one batch, as a run has them.
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
                    Sequences = 4,
                    BatchSize = 16,
                    CacheSize = 64,
                    Threads = 1,
                    Log = log.WriteLine,
                }
            )
        );
        var (low, high) = (session.Vocabulary.Size / 2, session.Vocabulary.Size - 1);
        session.Decode([
            new BatchToken(low, 0, 0, true),
            new BatchToken(high, 0, 1, true),
            new BatchToken(low, 0, 2, false),
            new BatchToken(high, 1, 2, true),
        ]);
        var logits = new List<double>();
        foreach (var row in (int[])[0, 1, 3])
        {
            foreach (var logit in session.Logits(row))
            {
                logits.Add(logit);
            }
        }
        return logits;
    }

    private string PathOf(string quantization)
    {
        var path = Path.Combine(_folder.FullName, $"trial-{quantization}.gguf");
        _paths.Add(path);
        return path;
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Delete(recursive: true);
}
