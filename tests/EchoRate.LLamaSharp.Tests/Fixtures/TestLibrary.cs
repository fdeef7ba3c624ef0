namespace EchoRate.LLamaSharp.Tests.Fixtures;

/// <summary>LLamaSharp's native library for the tests of this assembly: the backend package's, or the folder that the variable names.</summary>
internal static class TestLibrary
{
    private static string? Folder =>
        Environment.GetEnvironmentVariable(LLamaSharpLibrary.FolderVariable)
            is { Length: > 0 } folder
            ? folder
            : null;

    /// <summary>Skips the test in a build without a backend package that was told of no folder.</summary>
    internal static void Need() =>
        Assert.SkipWhen(
            Folder is null && LLamaSharpLibrary.BackendPackage == "None",
            $"built with LlamaBackend=None: set {LLamaSharpLibrary.FolderVariable} to a folder with the llama.cpp of LLamaSharp {LLamaSharpLibrary.PackageVersion}"
        );

    /// <summary>The loaded library, or a skipped test.</summary>
    internal static LLamaSharpLibrary Load()
    {
        Need();
        return LLamaSharpLibrary.Load(Folder);
    }
}
