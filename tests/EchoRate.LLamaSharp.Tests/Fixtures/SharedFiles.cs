using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.LLamaSharp.Tests.Fixtures;

/// <summary>Files that several tests read: made on first need, once per test run, and gone with it.</summary>
internal static class SharedFiles
{
    private static readonly Lazy<TemporaryFolder> s_folder = new(() =>
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    });

    /// <summary>The file of a name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="make">Writes it to a path.</param>
    internal static string Made(string name, Action<string> make)
    {
        var path = s_folder.Value.At(name);
        if (!File.Exists(path))
        {
            make(path);
        }
        return path;
    }

    /// <summary>A constructed model: F16 as it is written, all else by the engine's llama.cpp.</summary>
    internal static string Made(string name, string quantization, Action<string> write) =>
        Made(
            $"{name}-{quantization}.gguf",
            path =>
            {
                if (quantization == "F16")
                {
                    write(path);
                    return;
                }
                Quantize(Made(name, "F16", write), path, quantization);
            }
        );

    /// <summary>A real model; skips the test where it is not here.</summary>
    internal static string RealGemma => Real("gemma-3-270m/gemma-3-270m-Q4_K_M-embd-Q4_0.gguf");

    /// <summary>A file of shared/models; skips the test where it is not here.</summary>
    internal static string Real(string name)
    {
        var path = Repository.TestModel(name);
        Assert.SkipWhen(
            path is null,
            $"{name} is not here: put it in shared/models beside the repository, or set ECHORATE_TEST_MODELS to its folder"
        );
        return path!;
    }

    /// <summary>The weights of a file as F32, cast by the engine's llama.cpp.</summary>
    internal static string TwinOf(string path) =>
        Made(
            $"{Path.GetFileNameWithoutExtension(path)}-twin-F32.gguf",
            twin => Quantize(path, twin, "F32")
        );

    private static void Quantize(string source, string destination, string type) =>
        new Quantizer(TestLibrary.Load()).Quantize(
            new QuantizeRequest
            {
                Source = source,
                Destination = destination,
                Type = type,
                Threads = 1,
                AllowRequantize = true,
            }
        );
}
