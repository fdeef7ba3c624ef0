namespace EchoRate.LLamaSharp.Tests.Contract;

/// <summary>Miniatures and traps as files: written and quantized on first need, once per test run, and gone with it.</summary>
internal static class MiniatureFiles
{
    /// <summary>Stands for the file as it is constructed.</summary>
    internal const string AsWritten = "F16";

    /// <summary>The miniature of a name.</summary>
    internal static Miniature Get(string name) =>
        Miniatures.All.Concat(Miniatures.HeedingBos).Single(miniature => miniature.Name == name);

    /// <summary>Names and types: as written, and quantized unless the experts are in MXFP4, which llama.cpp quantizes no further.</summary>
    internal static TheoryData<string, string> Typed(
        IEnumerable<Miniature> miniatures,
        params string[] types
    ) =>
        [
            .. from miniature in miniatures
            from type in miniature.ExpertType == GgufTensorType.MXFP4
                ? [AsWritten]
                : types.Prepend(AsWritten)
            select (miniature.Name, type),
        ];

    /// <summary>The file of a miniature: <see cref="AsWritten"/>, all else by the engine's llama.cpp.</summary>
    internal static string PathOf(Miniature miniature, string quantization = AsWritten) =>
        SharedFiles.Made(
            $"{miniature.Name}-{quantization}.gguf",
            path =>
            {
                if (quantization == AsWritten)
                {
                    miniature.Write(path);
                    return;
                }
                TestQuantizer.Quantize(PathOf(miniature), path, quantization);
            }
        );

    /// <summary>The file of a trap.</summary>
    internal static string PathOf(MiniatureTrap trap) =>
        SharedFiles.Made($"{trap.Name}-F16.gguf", trap.Write);
}
