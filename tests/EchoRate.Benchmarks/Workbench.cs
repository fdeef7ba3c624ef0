using EchoRate.Core.Engine;
using EchoRate.Core.Probes;
using EchoRate.DemoModels;
using EchoRate.Gguf;
using EchoRate.Llama;
using EchoRate.Machine.Natives;
using EchoRate.Runs.Files;

namespace EchoRate.Benchmarks;

/// <summary>
/// The engine, and a folder of models that goes away afterwards. BenchmarkDotNet makes the benchmark classes itself, so they find it
/// in <see cref="Current"/>; it runs them in this process, where llama.cpp is loaded once.
/// </summary>
internal sealed class Workbench : IDisposable
{
    private static Workbench? s_current;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("echorate-bench-");

    private Workbench(IEngine engine) => Engine = engine;

    /// <summary>The one that is open.</summary>
    public static Workbench Current =>
        s_current ?? throw new InvalidOperationException("The workbench is not open.");

    /// <summary>The engine.</summary>
    public IEngine Engine { get; }

    /// <summary>Brings llama.cpp in, by the program's own door.</summary>
    /// <exception cref="NativeLibraryException">It cannot be had.</exception>
    public static async Task<Workbench> OpenAsync()
    {
        // A failed assertion aborts the process; llama.cpp would first try to attach a debugger, which can hang.
        Environment.SetEnvironmentVariable("GGML_NO_BACKTRACE", "1");
        var found = await LlamaNatives.EnsureAsync(
            new Progress<string>(Console.Error.WriteLine),
            CancellationToken.None
        );
        var library = LlamaLibrary.Load(found.GgmlBase, found.Ggml, found.Llama);
        return s_current = new Workbench(new LlamaEngine(library));
    }

    /// <summary>Loads a demo model as <c>run</c> does, on one thread: llama.cpp's threads spin, and this machine may be shared.</summary>
    /// <param name="model">Its name and quantization, as its file is called: <c>demo-echo-F16</c>.</param>
    /// <param name="sequences">Most rows in one batch.</param>
    public ProbeContext Load(string model, int sequences)
    {
        var path = Path.Combine(_folder.FullName, $"{model}.gguf");
        if (!File.Exists(path))
        {
            DemoCatalogue.All.Single(demo => model == $"{demo.Name}-F16").Write(path);
        }
        const int prefix = 1;
        var session = Engine.Load(
            path,
            new LoadOptions
            {
                Sequences = sequences,
                CacheSize = prefix + LoadOptions.DefaultBatchSize,
                Threads = 1,
            }
        );
        return new ProbeContext(HeaderFacts.From(GgufFile.Read(path)), session);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        s_current = null;
        _folder.Delete(recursive: true);
    }
}
