using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using EchoRate.Core.Engine;
using EchoRate.LLamaSharp.Interop;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>Which native library LLamaSharp took, told from its log and from ggml: its own interface hides it.</summary>
internal static partial class LoadedLibrary
{
    /// <summary>Describes the library that has just been loaded, without its devices and a plugin.</summary>
    internal static EngineFacts Of(string path, bool isAskedFor, IReadOnlyList<string> log)
    {
        var folder = Path.GetDirectoryName(path)!;
        return new EngineFacts
        {
            Name = LLamaSharpLibrary.EngineName,
            Version = VersionOf(LLamaSharpLibrary.PackageVersion),
            LibraryFolder = folder,
            CpuLibrary = CpuLibraryOf(log, withKind: !isAskedFor),
            GgmlVersion = Marshal.PtrToStringUTF8(Ggml.ggml_version()),
            Devices = [],
            Notes = isAskedFor
                ?
                [
                    $"LLamaSharp took {path}, as {LLamaSharpLibrary.FolderVariable} says",
                    CudaNote.OfFolder(folder),
                ]
                :
                [
                    $"LLamaSharp took {path} (built with LlamaBackend={LLamaSharpLibrary.BackendPackage})",
                    CudaNote.OfPackage(Path.GetDirectoryName(folder)!),
                ],
        };
    }

    /// <summary>The libllama that the log tells of; null where none was loaded.</summary>
    internal static string? PathIn(IReadOnlyList<string> log) =>
        log.Select(line => LoadedLine().Match(line).Groups[1].Value)
            .LastOrDefault(path => LibraryFiles.IsNamed(Path.GetFileName(path), MissingApi.Llama))
            is { } path
            ? Path.GetFullPath(path)
            : null;

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
                Marshal.PtrToStringUTF8(Ggml.ggml_commit()) is { Length: > 0 } commit
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
