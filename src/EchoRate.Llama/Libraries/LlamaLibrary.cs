using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.Llama.Interop;
using EchoRate.Llama.Libraries;
using EchoRate.Llama.Logging;

namespace EchoRate.Llama;

/// <summary>
/// llama.cpp, loaded into this process: once, and for good. A second libllama would bind to the libggml-base of the first one.
/// </summary>
public sealed class LlamaLibrary
{
    /// <summary>The versions whose structs this binding knows (tests/EchoRate.Llama.Tests/Abi).</summary>
    public const string SupportedVersions = "llama.cpp 0.4.x or 0.5.x";

    private static readonly Lock s_lock = new();
    private static LlamaLibrary? s_loaded;

    // Set when a library failed after functions had been bound to it: this process can then use no other one.
    private static NativeLibraryException? s_unusable;

    private readonly string[] _paths;

    private LlamaLibrary(string[] paths, string version, string? cpuLibrary)
    {
        _paths = paths;
        Version = version;
        CpuLibrary = cpuLibrary;
    }

    /// <summary>What <c>llama_version()</c> answers, for example <c>0.4.0-dev</c>.</summary>
    public string Version { get; }

    /// <summary>The folder that libllama and the backends came from.</summary>
    public string Folder => Path.GetDirectoryName(_paths[^1])!;

    /// <summary>The CPU library that was taken, for example <c>libggml-cpu-zen4.so</c>; null where the log did not say.</summary>
    public string? CpuLibrary { get; }

    /// <summary>The devices that llama.cpp sees, the CPU among them, with their memory as it is now.</summary>
#pragma warning disable CA1822 // An instance is the proof that the libraries are loaded.
    public IReadOnlyList<DeviceFacts> ReadDevices() => DeviceList.Read();
#pragma warning restore CA1822

    /// <summary>
    /// Loads libggml-base, libggml and libllama, in that order, checks the version, then loads the backends that lie beside libllama.
    /// The same three files again give the same object.
    /// </summary>
    /// <exception cref="NativeLibraryException">
    /// A file is missing or refused, the version is not supported, or this process holds another llama.cpp already.
    /// </exception>
    public static LlamaLibrary Load(string ggmlBasePath, string ggmlPath, string llamaPath)
    {
        string[] paths =
        [
            Path.GetFullPath(ggmlBasePath),
            Path.GetFullPath(ggmlPath),
            Path.GetFullPath(llamaPath),
        ];
        lock (s_lock)
        {
            if (s_unusable is { } failure)
            {
                throw new NativeLibraryException(failure.Message, failure);
            }

            if (s_loaded is { } loaded && !loaded._paths.SequenceEqual(paths))
            {
                throw new NativeLibraryException(
                    $"this process holds llama.cpp {loaded.Version} of {loaded.Folder} and cannot load {paths[^1]} as well: "
                        + "use one process for each"
                );
            }

            return s_loaded ??= LoadNow(paths);
        }
    }

    private static LlamaLibrary LoadNow(string[] paths)
    {
        string version;
        try
        {
            LoadedLibraries.Load(LibraryNames.GgmlBase, paths[0]);
            LoadedLibraries.Load(LibraryNames.Ggml, paths[1]);
            LoadedLibraries.Load(LibraryNames.Llama, paths[2]);
            version = CheckVersion(paths[2]);
        }
        catch (NativeLibraryException)
        {
            LoadedLibraries.Unload();
            throw;
        }

        try
        {
            return Start(paths, version);
        }
        catch (NativeLibraryException exception)
        {
            s_unusable = exception;
            throw;
        }
    }

    private static LlamaLibrary Start(string[] paths, string version)
    {
        NativeLog.Install();
        SelfCheck.Run(version);
        using var log = new LogScope(receiver: null);
        LlamaApi.ggml_backend_load_all_from_path(Path.GetDirectoryName(paths[2])!);
        LlamaApi.llama_backend_init();
        var library = new LlamaLibrary(paths, version, FindCpuLibrary(log.Lines));
        return DeviceList.HasCpu()
            ? library
            : throw new NativeLibraryException(
                $"llama.cpp found no CPU library for this processor in {library.Folder}"
                    + (log.LastError is { } error ? $": {error}" : "")
            );
    }

    // Through a bare address: a P/Invoke would stay bound to a library that may be let go again.
    private static unsafe string CheckVersion(string path)
    {
        var function =
            LoadedLibraries.FindFunction(LibraryNames.Llama, "llama_version")
            ?? throw new NativeLibraryException(
                $"{path} has no llama_version: EchoRate needs {SupportedVersions}"
            );
        var version =
            Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)function)()) ?? "";
        return
            version.StartsWith("0.4.", StringComparison.Ordinal)
            || version.StartsWith("0.5.", StringComparison.Ordinal)
            ? version
            : throw new NativeLibraryException(
                $"{path} is llama.cpp {version}: EchoRate needs {SupportedVersions}"
            );
    }

    // ggml_backend_load_best tries them all, takes the one with the best score, and says so in the log only.
    private static string? FindCpuLibrary(IReadOnlyList<string> log)
    {
        const string mark = "loaded CPU backend from ";
        var line = log.LastOrDefault(line => line.Contains(mark, StringComparison.Ordinal));
        return line is null
            ? null
            : Path.GetFileName(
                line[(line.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..]
            );
    }
}
