using EchoRate.DemoModels;

namespace EchoRate.LLamaSharp.Tests.Contract;

/// <summary>The demo models as files: written and quantized on first need, once per test run, and gone with it.</summary>
internal static class DemoFiles
{
    private static readonly Lazy<TemporaryFolder> s_folder = new(() =>
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    });

    /// <summary>The file of a demo model in one quantization: <c>F16</c> as it is constructed, all else by the engine's llama.cpp.</summary>
    internal static string PathOf(DemoModel model, string quantization)
    {
        var path = s_folder.Value.File($"{model.Name}-{quantization}.gguf");
        if (File.Exists(path))
        {
            return path;
        }

        if (quantization == "F16")
        {
            model.Write(path);
        }
        else
        {
            TestQuantizer.Quantize(PathOf(model, "F16"), path, quantization);
        }

        return path;
    }
}
