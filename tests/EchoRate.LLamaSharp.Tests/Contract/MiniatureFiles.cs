namespace EchoRate.LLamaSharp.Tests.Contract;

/// <summary>Miniatures and traps as files: written and quantized on first need, once per test run, and gone with it.</summary>
internal static class MiniatureFiles
{
    /// <summary>Stands for the file as it is constructed.</summary>
    internal const string AsWritten = "F16";

    /// <summary>The miniature of a name.</summary>
    internal static Miniature Get(string name) =>
        Miniatures.All.Concat(Miniatures.HeedingBos).Single(miniature => miniature.Name == name);

    /// <summary>Names and types: as written, and quantized; with experts in MXFP4 too, as gpt-oss is published.</summary>
    internal static TheoryData<string, string> Typed(
        IEnumerable<Miniature> miniatures,
        params string[] types
    ) =>
        [
            .. from miniature in miniatures
            from type in (string[])
                [AsWritten, .. types, .. miniature.HasExperts ? ["MXFP4_MOE"] : (string[])[]]
            select (miniature.Name, type),
        ];

    /// <summary>The file of a miniature, as written or quantized.</summary>
    internal static string PathOf(Miniature miniature, string quantization = AsWritten) =>
        SharedFiles.Made(miniature.Name, quantization, miniature.Write);

    /// <summary>The file of a trap.</summary>
    internal static string PathOf(MiniatureTrap trap) =>
        SharedFiles.Made(trap.Name, AsWritten, trap.Write);
}
