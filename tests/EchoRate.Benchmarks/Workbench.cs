using EchoRate.LLamaSharp.Libraries;
using EchoRate.LLamaSharp.Loading;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Benchmarks;

/// <summary>
/// The engine, and a folder of models that goes away afterwards. BenchmarkDotNet makes the benchmark classes itself, so they find it
/// in <see cref="Current"/>; it runs them in this process, where llama.cpp is loaded once.
/// </summary>
internal sealed class Workbench : IDisposable
{
    private static Workbench? s_current;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("echorate-bench-");

    private readonly LLamaSharpLibrary _library;

    private Workbench(LLamaSharpLibrary library) =>
        (_library, Engine) = (library, new LLamaSharpEngine(library, PhysicalCores.Count));

    /// <summary>The one that is open.</summary>
    public static Workbench Current =>
        s_current ?? throw new InvalidOperationException("The workbench is not open.");

    /// <summary>The engine.</summary>
    public IEngine Engine { get; }

    /// <summary>Loads llama.cpp.</summary>
    /// <exception cref="NativeLibraryException">It cannot be loaded.</exception>
    public static Workbench Open()
    {
        // A failed assertion aborts the process; llama.cpp would first try to attach a debugger, which can hang.
        Environment.SetEnvironmentVariable("GGML_NO_BACKTRACE", "1");
        return s_current = new Workbench(LLamaSharpLibrary.Load(folder: null, plugin: null));
    }

    /// <summary>Loads a model of 150,000 tokens as <c>run</c> does where nobody says otherwise: one thread for each physical core.</summary>
    /// <param name="model">Its name and quantization, as its file is called: <c>sized-wide-F16</c>.</param>
    /// <param name="sequences">Most rows in one batch.</param>
    public ProbeContext Load(string model, int sequences)
    {
        var path = Path.Combine(_folder.FullName, $"{model}.gguf");
        if (!File.Exists(path))
        {
            Make(SizedModels.Wide, model[(SizedModels.Wide.Name.Length + 1)..], path);
        }
        const int prefix = 1;
        var session = Engine.Load(
            path,
            new LoadOptions
            {
                Sequences = sequences,
                CacheSize = prefix + LoadOptions.DefaultBatchSize,
            }
        );
        return new ProbeContext(ModelFacts.From(GgufFile.Read(path)), session);
    }

    /// <summary>Writes Q8_0 models of 40 million weights with 152,000 and 256,000 tokens into a folder, to be held beside a C++ loop.</summary>
    public void MakeSized(string folder)
    {
        foreach (var (size, width) in new[] { (152_000, 256), (256_000, 128) })
        {
            var sized = SizedModels.Wide with
            {
                Name = $"sized-{size}",
                VocabularySize = size,
                Width = width,
                FeedForwardWidth = 4 * width,
                HeadWidth = width / 4,
            };
            Make(sized, "Q8_0", Path.Combine(folder, $"{sized.Name}-Q8_0.gguf"));
        }
    }

    // A quantization is made of the F16 file, which is made once.
    private void Make(SizedModel sized, string type, string path)
    {
        var source = Path.Combine(_folder.FullName, $"{sized.Name}-F16.gguf");
        if (!File.Exists(source))
        {
            sized.Write(source);
        }
        if (path != source)
        {
            new Quantizer(_library).Quantize(
                new QuantizeRequest
                {
                    Source = source,
                    Destination = path,
                    Type = type,
                }
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        s_current = null;
        _folder.Delete(recursive: true);
    }
}
