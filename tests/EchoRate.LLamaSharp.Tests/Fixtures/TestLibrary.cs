using EchoRate.LLamaSharp.Libraries;

namespace EchoRate.LLamaSharp.Tests.Fixtures;

/// <summary>LLamaSharp's native library for the tests of this assembly: the backend package's, or the folder that the variable names.</summary>
internal static class TestLibrary
{
    /// <summary>Names the library of a GPU backend to load into it: tests on a GPU run in a process of their own.</summary>
    internal const string PluginVariable = "ECHORATE_TESTS_PLUGIN";

    /// <summary>The loaded library.</summary>
    internal static LLamaSharpLibrary Load() =>
        LLamaSharpLibrary.Load(
            Environment.GetEnvironmentVariable(LLamaSharpLibrary.FolderVariable)
                is { Length: > 0 } folder
                ? folder
                : null,
            Environment.GetEnvironmentVariable(PluginVariable)
        );
}
