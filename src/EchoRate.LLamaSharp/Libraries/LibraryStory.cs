using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using EchoRate.LLamaSharp.Interop;
using LLama.Native;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>Which native library LLamaSharp took, told from its log and from ggml: its own interface hides it.</summary>
internal sealed partial record LibraryStory
{
    /// <summary>The version, as the column <c>engine_version</c> prints it.</summary>
    public required string Version { get; init; }

    /// <summary>The folder of libllama.</summary>
    public required string Folder { get; init; }

    /// <summary>The CPU library; null where nobody said.</summary>
    public string? CpuLibrary { get; init; }

    /// <summary>Sentences for people.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The story of a library that has just been loaded.</summary>
    internal static LibraryStory Of(string path, bool isAskedFor, IReadOnlyList<string> log)
    {
        var folder = Path.GetDirectoryName(path)!;
        var taken = NativeApi.GetLoadedNativeLibrary(NativeLibraryName.LLama)?.Metadata;
        return new LibraryStory
        {
            Version = VersionOf(LLamaSharpLibrary.PackageVersion),
            Folder = folder,
            CpuLibrary = CpuLibraryOf(log, withKind: !isAskedFor),
            Notes =
            [
                isAskedFor
                    ? $"LLamaSharp took {path}, as {LLamaSharpLibrary.FolderVariable} says"
                    : $"LLamaSharp took {path} (built with LlamaBackend={LLamaSharpLibrary.BackendPackage})",
                isAskedFor ? CudaInFolder(folder) : Cuda(folder, taken).Tell(),
            ],
        };
    }

    /// <summary>The libllama that the log tells of; null where none was loaded.</summary>
    internal static string? LoadedPath(IReadOnlyList<string> log) =>
        log.Select(line => LoadedLine().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)
            .LastOrDefault(path => LibraryFiles.IsNamed(Path.GetFileName(path), MissingApi.Llama))
            is { } path
            ? Path.GetFullPath(path)
            : null;

    /// <summary>What the system's loader says to a file; null where it loads.</summary>
    internal static string? Refusal(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // .NET's first line is advice about strace; the system loader's own words follow it.
            var lines = e.Message.Split(
                '\n',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            );
            return string.Join(' ', lines.Length > 1 ? lines[1..] : lines);
        }
    }

    /// <summary>What brings the library that the system's loader does not find, to be put behind its words; empty where nobody knows.</summary>
    internal static string Remedy(string words) =>
        words.Contains("libgomp", StringComparison.Ordinal)
            ? "; install the package that has it: libgomp1 (Debian, Ubuntu), libgomp (Fedora, openSUSE), gcc-libs (Arch)"
            : "";

    private static CudaStory Cuda(string folder, NativeLibraryMetadata? taken)
    {
        // runtimes/linux-x64/native holds a folder for each kind: avx2, cuda12 …
        var kinds = Path.GetDirectoryName(folder)!;
        return new CudaStory
        {
            Packaged = LibraryFiles.CudaReleases(kinds),
            Detected = SystemInfo.Get().CudaMajorVersion,
            Taken = taken is { UseCuda: true },
            HasDevice = DeviceList.Read().Any(device => device.Backend == "cuda"),
            Refusal = release =>
                LibraryFiles.Find(Path.Combine(kinds, $"cuda{release}"), "ggml-cuda") is { } path
                    ? Refusal(path)
                    : "no ggml-cuda in its folder",
        };
    }

    private static string CudaInFolder(string folder) =>
        DeviceList.Read().Any(device => device.Backend == "cuda") ? "CUDA: in use"
        : LibraryFiles.Find(folder, "ggml-cuda") is not { } path
            ? $"CUDA: no ggml-cuda library in {folder}"
        : Refusal(path) is { } words ? $"CUDA: {Path.GetFileName(path)} was not taken: {words}"
        : "CUDA: its library is there, but it sees no device";

    // ggml_backend_load_best says which it took; of a package, LLamaSharp's loader does, and its files differ by their folder (avx2) alone.
    private static string? CpuLibraryOf(IReadOnlyList<string> log, bool withKind) =>
        log.Select(line => CpuLine().Match(line)).LastOrDefault(match => match.Success) is { } match
            ? string.Join('/', match.Groups[1].Value.Split('/', '\\').TakeLast(withKind ? 2 : 1))
            : null;

    private static string VersionOf(string package)
    {
        try
        {
            return
                Marshal.PtrToStringUTF8(MissingApi.ggml_commit()) is { Length: > 0 } commit
                && commit != "unknown"
                ? $"{package}+{commit}"
                : package;
        }
        catch (EntryPointNotFoundException)
        {
            return package;
        }
    }

    [GeneratedRegex("^Successfully loaded '(.+)'$")]
    private static partial Regex LoadedLine();

    [GeneratedRegex(
        "(?:loaded CPU backend from |Successfully loaded '.*?)([^ ']*ggml-cpu[^ '/\\\\]*)"
    )]
    private static partial Regex CpuLine();
}
