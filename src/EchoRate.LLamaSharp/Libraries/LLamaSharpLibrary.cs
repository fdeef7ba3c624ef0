using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.LLamaSharp.Interop;
using LLama.Native;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>
/// The llama.cpp that LLamaSharp uses, loaded into this process: once, and for good. LLamaSharp chooses among the libraries of its backend
/// packages by itself; here it is told where to look first, and asked what it took.
/// </summary>
public sealed class LLamaSharpLibrary
{
    /// <summary>The engine's name.</summary>
    public const string EngineName = "llamasharp";

    /// <summary>Names a folder with a llama.cpp that fits this LLamaSharp, in place of the backend package's.</summary>
    public const string FolderVariable = "ECHORATE_LLAMASHARP_NATIVE";

    private static readonly Lock _lock = new();

    // C holds it as long as the process lives.
    private static readonly NativeLogConfig.LLamaLogCallback _onLog = OnLog;
    private static LLamaSharpLibrary? _loaded;
    private static NativeLibraryException? _failed;

    private readonly (string? Folder, string? Plugin) _asked;
    private readonly EngineFacts _facts;

    // Its hash takes a while, and workers do not ask for it.
    private readonly Lazy<PluginFacts?> _plugin;

    private LLamaSharpLibrary((string? Folder, string? Plugin) asked, EngineFacts facts)
    {
        _asked = asked;
        _facts = facts;
        _plugin = new(() => asked.Plugin is null ? null : PluginFacts.Of(asked.Plugin));
    }

    /// <summary>The version of the package LLamaSharp that this was built with, for example <c>0.30.0</c>.</summary>
    public static string PackageVersion { get; } = Metadata("LLamaSharpVersion");

    /// <summary>The backend package that this was built with: <c>Cpu</c> or <c>Cuda12</c>.</summary>
    public static string BackendPackage { get; } = Metadata("LlamaBackend");

    /// <summary>LLamaSharp's version and, where ggml tells it, the commit of its llama.cpp: <c>0.30.0+815a2a591</c>.</summary>
    public string Version => _facts.Version;

    /// <summary>What was loaded, and why not CUDA; the devices that llama.cpp sees, with their memory as it is now.</summary>
    public EngineFacts Facts => _facts with { Devices = DeviceList.Read(), Plugin = _plugin.Value };

    /// <summary>Loads them. The same folder and plugin again give the same object.</summary>
    /// <param name="folder">The folder to take libllama from, and no other; null for what the backend package brought.</param>
    /// <param name="plugin">The library of a GPU backend to load into it; null for none.</param>
    /// <exception cref="NativeLibraryException">There is none, it is refused, or it is of another release than LLamaSharp.</exception>
    public static LLamaSharpLibrary Load(string? folder, string? plugin)
    {
        var asked = (
            Folder: folder is null ? null : Path.GetFullPath(folder),
            Plugin: plugin is null ? null : Path.GetFullPath(plugin)
        );
        lock (_lock)
        {
            if (_failed is { } failure)
            {
                throw new NativeLibraryException(failure.Message, failure);
            }
            if (_loaded is { } loaded)
            {
                return loaded._asked == asked
                    ? loaded
                    : throw new NativeLibraryException(
                        $"this process holds the llama.cpp of {loaded._facts.LibraryFolder} and cannot load that of {asked.Folder ?? "the backend package"}{(asked.Plugin is null ? "" : " with " + asked.Plugin)} as well: use one process for each"
                    );
            }
            try
            {
                var facts = LoadNow(asked.Folder);
                if (asked.Plugin is not null)
                {
                    GgmlPlugin.Load(asked.Plugin);
                }
                return _loaded = new LLamaSharpLibrary(asked, facts);
            }
            catch (NativeLibraryException exception)
            {
                // LLamaSharp takes no second configuration.
                _failed = exception;
                throw;
            }
        }
    }

    // Nothing of LLamaSharp that touches native code may run before Configure, and creating a ModelParams does.
    private static EngineFacts LoadNow(string? folder)
    {
        using var log = new LogScope(receiver: null);
        Configure(folder);
        var path = Choose(folder, log);
        LibraryFiles.ResolveFrom(Path.GetDirectoryName(path)!);
        Start(path);
        SelfCheck.Run(path);

        // Releases of llama.cpp keep a library for each family of CPUs beside libllama; the packages' own have theirs linked in.
        if (Ggml.ggml_backend_dev_count() == 0)
        {
            Ggml.ggml_backend_load_all_from_path(Path.GetDirectoryName(path)!);
        }
        return DeviceList.Handles().Any(device => device.Kind == DeviceKind.Cpu)
            ? LoadedLibrary.Of(path, folder is not null, log.Lines)
            : throw new NativeLibraryException(
                $"llama.cpp found no CPU library for this processor in {Path.GetDirectoryName(path)}"
                    + (log.LastError is { } error ? $": {error}" : "")
            );
    }

    private static void Configure(string? folder)
    {
        NativeLibraryConfig.All.WithLogCallback(_onLog);
        if (folder is null)
        {
            // Else the folder that the user happens to stand in would come first.
            NativeLibraryConfig.LLama.WithSearchDirectory(AppContext.BaseDirectory);
            LibraryFiles.AnnounceCuda();
            return;
        }
        if (!Directory.Exists(folder))
        {
            throw new NativeLibraryException(
                File.Exists(folder)
                    ? $"{FolderVariable}: a file, and not the folder that holds llama.cpp: {folder}"
                    : $"{FolderVariable}: no such folder: {folder}"
            );
        }
        var path =
            LibraryFiles.Find(folder, MissingApi.Llama)
            ?? throw new NativeLibraryException($"{FolderVariable}: no libllama in {folder}");
        if (LibraryHeader.Problem(path) is { } problem)
        {
            throw new NativeLibraryException($"{FolderVariable}: {path} {problem}");
        }
        NativeLibraryConfig.LLama.WithLibrary(path).WithAutoFallback(false);
    }

    // A dry run, because where nothing fits, LLamaSharp would go on to whatever llama the system has, of any release.
    private static string Choose(string? folder, LogScope log)
    {
        bool found;
        try
        {
            found = NativeLibraryConfig.LLama.DryRun(out _);
        }
        catch (Exception e) when (e is global::LLama.Exceptions.RuntimeError)
        {
            found = false;
        }
        if (found && LoadedLibrary.PathIn(log.Lines) is { } path)
        {
            return path;
        }
        path = folder is null
            ? LibraryFiles.FindPackaged()
            : LibraryFiles.Find(folder, MissingApi.Llama);
        throw new NativeLibraryException(
            path is null
                ? $"LLamaSharp {PackageVersion} brings no llama.cpp for {RuntimeInformation.RuntimeIdentifier} (looked in {LibraryFiles.PackagedFolder}); {FolderVariable} may name a folder that holds one"
            : LibraryHeader.Problem(path) is { } problem ? $"{path} {problem}"
            : LibraryFiles.Refusal(path) is { } words
                ? $"cannot load {path}: {words}{RemedyOf(words)}"
            : $"cannot load {path}: LLamaSharp refused it"
        );
    }

    // What brings the library that the system's loader does not find.
    private static string RemedyOf(string words) =>
        words.Contains("libgomp")
            ? "; install the package that has it: libgomp1 (Debian, Ubuntu), libgomp (Fedora, openSUSE), gcc-libs (Arch)"
            : "";

    private static void Start(string path)
    {
        try
        {
            NativeApi.llama_empty_call();
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
        {
            throw new NativeLibraryException(
                $"cannot start {path}: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ")}",
                e
            );
        }
        catch (EntryPointNotFoundException e)
        {
            throw new NativeLibraryException(
                $"{path} is no llama.cpp that LLamaSharp {PackageVersion} knows: {e.Message.ReplaceLineEndings(" ")}",
                e
            );
        }
    }

    private static void OnLog(LLamaLogLevel level, string message) =>
        LogScope.Take((LogLevel)level, Encoding.UTF8.GetBytes(message));

    private static string Metadata(string key) =>
        typeof(LLamaSharpLibrary)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == key)
            .Value
        ?? "";
}
