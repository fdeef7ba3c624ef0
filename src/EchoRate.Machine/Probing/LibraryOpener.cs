using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using EchoRate.Machine.Natives;

namespace EchoRate.Machine.Probing;

/// <summary>
/// Opens a library with the system's loader and finds out everything that is missing. The loader stops at the first missing one, so
/// each library that the header names (<see cref="NeededLibraries"/>) is asked for one by one. What opens stays open: only for processes that end soon after.
/// </summary>
public static partial class LibraryOpener
{
    /// <summary>Opens a library.</summary>
    public static LoaderAnswer Open(string path)
    {
        if (TryOpen(path) is not { } said)
            return new LoaderAnswer { Opened = true };
        var missing = new List<string>();
        Collect(path, missing, []);
        // Without a header that we can read, the loader's first word is all there is.
        if (missing.Count == 0 && NotFound(said) is { } first)
            missing.Add(first);
        return new LoaderAnswer
        {
            Opened = false,
            Said = said,
            Missing = missing,
        };
    }

    private static void Collect(string path, List<string> missing, HashSet<string> seen)
    {
        var folder = Path.GetDirectoryName(path)!;
        foreach (var name in NeededLibraries.Read(path) ?? [])
        {
            if (!seen.Add(name))
                continue;
            // What lies beside the library comes first: RUNPATH $ORIGIN on Linux, the DLL directory on Windows.
            var beside = Path.Combine(folder, name);
            var isBeside = File.Exists(beside);
            if (TryOpen(isBeside ? beside : name) is not { } said)
                continue;
            if (isBeside)
            {
                var before = missing.Count;
                Collect(beside, missing, seen);
                if (missing.Count > before)
                    continue;
            }
            // On Linux the loader names the one that is missing, which may be needed by this one: libcublasLt by libcublas.
            var absent = NotFound(said) ?? name;
            if (!missing.Contains(absent))
                missing.Add(absent);
        }
    }

    // Null where it opened.
    private static string? TryOpen(string nameOrPath)
    {
        try
        {
            NativeLibrary.Load(nameOrPath);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return Words(e.Message);
        }
    }

    // .NET's first line is advice about strace; the loader's own words follow it, one line for each spelling that was tried.
    internal static string Words(string message)
    {
        var lines = message.Split(
            '\n',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        return lines.Length > 1 ? lines[1] : lines[0];
    }

    /// <summary>The library that glibc's loader did not find; null where it says something else.</summary>
    internal static string? NotFound(string said) =>
        NotFoundOnLinux().Match(said) is { Success: true } match
            ? Path.GetFileName(match.Groups["name"].Value)
            : null;

    [GeneratedRegex(@"(?<name>\S+): cannot open shared object file")]
    private static partial Regex NotFoundOnLinux();
}
