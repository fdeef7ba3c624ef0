using EchoRate.Core.Engine;
using EchoRate.LLamaSharp.Libraries;
using EchoRate.LLamaSharp.Loading;
using EchoRate.Machine.Backends;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>The engine, and what files are measured on where nobody says otherwise. A process loads one set of libraries, for good.</summary>
internal static class Engines
{
    /// <summary>The CPU.</summary>
    public static RunTarget DefaultTarget { get; } =
        new()
        {
            Engine = LLamaSharpLibrary.EngineName,
            Backend = "cpu",
            DeviceLabel = "cpu",
        };

    /// <summary>The best backend that works, not chosen yet.</summary>
    public static RunTarget AutoTarget { get; } =
        DefaultTarget with
        {
            Backend = BackendChooser.Auto,
            DeviceLabel = BackendChooser.Auto,
        };

    /// <summary>The engine, loaded into this process, with a target's plugin.</summary>
    /// <exception cref="NativeLibraryException">It cannot be loaded.</exception>
    public static IEngine Load(RunTarget target) =>
        new LLamaSharpEngine(Library(target.Plugin), PhysicalCores.Count);

    /// <summary>llama.cpp's libraries, loaded into this process: those of the backend package, or of the folder that the user names.</summary>
    /// <param name="plugin">The library of a GPU backend; null for none.</param>
    /// <exception cref="NativeLibraryException">They cannot be loaded.</exception>
    public static LLamaSharpLibrary Library(string? plugin = null)
    {
        // A failed assertion aborts the process; llama.cpp would first try to attach a debugger, which can hang.
        Environment.SetEnvironmentVariable("GGML_NO_BACKTRACE", "1");
        var asked = Environment.GetEnvironmentVariable(LLamaSharpLibrary.FolderVariable);
        return LLamaSharpLibrary.Load(
            string.IsNullOrEmpty(asked) ? null : Path.GetFullPath(asked),
            plugin
        );
    }
}
