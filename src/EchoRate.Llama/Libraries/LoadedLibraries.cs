using System.Reflection;
using System.Runtime.InteropServices;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Libraries;

/// <summary>The three libraries of this process, loaded by full path, and the resolver that hands them to P/Invoke.</summary>
internal static partial class LoadedLibraries
{
    private static readonly Dictionary<string, nint> s_handles = [];

    static LoadedLibraries() =>
        NativeLibrary.SetDllImportResolver(typeof(LoadedLibraries).Assembly, Resolve);

    /// <summary>Loads one library under its logical name; dependants find it because the system knows it by file name then.</summary>
    /// <exception cref="NativeLibraryException">The file is missing, or the system's loader refuses it.</exception>
    internal static void Load(string logicalName, string path)
    {
        if (!File.Exists(path))
        {
            throw new NativeLibraryException($"native library not found: {path}");
        }

        try
        {
            s_handles[logicalName] = NativeLibrary.Load(path);
        }
        catch (Exception exception)
            when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeLibraryException(
                $"cannot load {path}: {Reason(exception.Message)}",
                exception
            );
        }
    }

    /// <summary>
    /// Lets the system look in a folder for what its libraries need: on Windows llama.cpp opens its backends by path, and what lies beside them
    /// (CUDA's runtime) is looked for beside the program only. Elsewhere the libraries themselves say so (RUNPATH <c>$ORIGIN</c>).
    /// </summary>
    internal static void SearchIn(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            SetDllDirectoryW(folder);
        }
    }

    /// <summary>A function's address, without binding anything; null where the library has no such function.</summary>
    internal static nint? FindFunction(string logicalName, string function) =>
        NativeLibrary.TryGetExport(s_handles[logicalName], function, out var address)
            ? address
            : null;

    /// <summary>Lets go of everything again: nothing has been bound to it yet, so another folder may be tried.</summary>
    internal static void Unload()
    {
        foreach (
            var name in (string[])[LibraryNames.Llama, LibraryNames.Ggml, LibraryNames.GgmlBase]
        )
        {
            if (s_handles.Remove(name, out var handle))
            {
                NativeLibrary.Free(handle);
            }
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name is LibraryNames.Llama or LibraryNames.Ggml or LibraryNames.GgmlBase
            ? s_handles.TryGetValue(name, out var handle)
                ? handle
                : throw new InvalidOperationException(
                    "llama.cpp is not loaded: call LlamaLibrary.Load first"
                )
            : 0;

    // .NET's first line is advice about strace; the system loader's own words follow it.
    private static string Reason(string message)
    {
        var lines = message.Split(
            '\n',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        return string.Join(' ', lines.Length > 1 ? lines[1..] : lines);
    }

    [LibraryImport("kernel32.dll", StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetDllDirectoryW(string folder);
}
