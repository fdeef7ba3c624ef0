namespace EchoRate.LLamaSharp.Tests.Fixtures;

/// <summary>LLamaSharp's native library for the tests of this assembly: the backend package's, or the folder that the variable names.</summary>
internal static class TestLibrary
{
    /// <summary>The folder that the variable names; null where it is not set.</summary>
    internal static string? Folder =>
        Environment.GetEnvironmentVariable(LLamaSharpLibrary.FolderVariable)
            is { Length: > 0 } folder
            ? folder
            : null;

    /// <summary>The loaded library; skips the test in a build without a backend package that was told of no folder.</summary>
    internal static LLamaSharpLibrary Load()
    {
        if (Folder is null && LLamaSharpLibrary.BackendPackage == "None")
        {
            Assert.Skip(
                $"built with LlamaBackend=None: set {LLamaSharpLibrary.FolderVariable} to a folder with the llama.cpp of LLamaSharp {LLamaSharpLibrary.PackageVersion}"
            );
        }

        return LLamaSharpLibrary.Load(Folder);
    }
}
