using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using EchoRate.LLamaSharp.Interop;
using LLama.Native;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>
/// Finds llama.cpp's files in a folder by their logical names. Releases spell them in many ways (<c>libllama.so</c>,
/// <c>libllama.b8390.so</c>, <c>llama.dll</c>, <c>libllama.0.dylib</c>); LLamaSharp knows the first only.
/// </summary>
internal static class LibraryFiles
{
    private const string CudaVariable = "CUDA_VERSION";

    /// <summary>Where the backend packages' libraries lie, in a folder for each platform.</summary>
    internal static string PackagedFolder => Path.Combine(AppContext.BaseDirectory, "runtimes");

    /// <summary>Any libllama of the backend packages; null where there is none for this platform.</summary>
    internal static string? FindPackaged() =>
        Find(PackagedFolder, MissingApi.Llama, SearchOption.AllDirectories);

    /// <summary>The file of a logical name in a folder; the plainest spelling where there are several, null where there is none.</summary>
    internal static string? Find(
        string folder,
        string logicalName,
        SearchOption where = SearchOption.TopDirectoryOnly
    ) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder, "*", where)
                .Where(path => IsNamed(Path.GetFileName(path), logicalName))
                .OrderBy(path => Path.GetFileName(path).Length)
                .ThenBy(path => path, StringComparer.Ordinal)
                .FirstOrDefault()
            : null;

    /// <summary>
    /// Tells LLamaSharp which CUDA there is. On Linux it looks for <c>CUDA_VERSION</c> and for NVIDIA's toolkit, which a machine that only runs programs
    /// does not have; what its library needs is the driver. On Windows it reads the toolkit's files alone.
    /// </summary>
    internal static void AnnounceCuda()
    {
        if (
            OperatingSystem.IsLinux()
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(CudaVariable))
            && LLamaSharpLibrary.BackendPackage == "Cuda12"
            && NativeLibrary.TryLoad("libcuda.so.1", out _)
        )
        {
            Environment.SetEnvironmentVariable(CudaVariable, $"{CudaNote.Release}");
        }
    }

    /// <summary>Whether a file's name is a spelling of a logical name.</summary>
    internal static bool IsNamed(string fileName, string logicalName) =>
        Regex.IsMatch(
            fileName,
            $@"^(lib)?{Regex.Escape(logicalName)}(\.[\w.]+)?\.(so|dll|dylib)(\.\d+)*$"
        );

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

    /// <summary>
    /// Leads <see cref="MissingApi"/> and <see cref="Interop.Ggml"/>, and those imports of LLamaSharp that it does not lead itself, to the files
    /// beside the loaded libllama: the system knows them already and answers with the same library.
    /// </summary>
    internal static void ResolveFrom(string folder)
    {
        NativeLibrary.SetDllImportResolver(
            typeof(MissingApi).Assembly,
            (name, _, _) => Resolve(name)
        );
        var context =
            AssemblyLoadContext.GetLoadContext(typeof(NativeApi).Assembly)
            ?? AssemblyLoadContext.Default;
        context.ResolvingUnmanagedDll += (Assembly assembly, string name) =>
            assembly == typeof(NativeApi).Assembly ? Resolve(name) : 0;
        nint Resolve(string name) =>
            name is MissingApi.Llama or MissingApi.Ggml or MissingApi.GgmlBase
            && Find(folder, name) is { } path
                ? NativeLibrary.Load(path)
                : 0;
    }
}
