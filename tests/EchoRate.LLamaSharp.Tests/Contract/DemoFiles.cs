using EchoRate.DemoModels;

namespace EchoRate.LLamaSharp.Tests.Contract;

/// <summary>The demo models as files: written and quantized on first need, once per test run, and gone with it.</summary>
internal static class DemoFiles
{
    /// <summary>The file of a demo model in one quantization: <c>F16</c> as it is constructed, all else by the engine's llama.cpp.</summary>
    internal static string PathOf(DemoModel model, string quantization) =>
        SharedFiles.Made(
            $"{model.Name}-{quantization}.gguf",
            path =>
            {
                if (quantization == "F16")
                {
                    model.Write(path);
                    return;
                }
                TestQuantizer.Quantize(PathOf(model, "F16"), path, quantization);
            }
        );
}
