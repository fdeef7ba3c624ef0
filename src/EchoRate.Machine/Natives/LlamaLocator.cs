using EchoRate.Core.Engine;

namespace EchoRate.Machine.Natives;

/// <summary>Finds llama.cpp's libraries on this machine, and fetches nothing.</summary>
public static class LlamaLocator
{
    /// <summary>Names a folder with llama.cpp's libraries that comes before all others.</summary>
    public const string FolderVariable = "ECHORATE_LLAMA_DIR";

    /// <summary>The folder beside the program that comes second.</summary>
    public const string ProgramSubfolder = "llama.cpp";

    /// <summary>The first libraries found in: the variable's folder, the program's, the user's; null when there are none.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="package">The package to look for in the user's folder; null for the platform's own.</param>
    /// <exception cref="NativeLibraryException">
    /// The variable or the program's folder is there but wrong: somebody put it there on purpose, so it is not passed over.
    /// </exception>
    public static LlamaLibraries? Find(HostEnvironment host, LlamaPackage? package = null)
    {
        if (host.Variable(FolderVariable) is { } named)
        {
            var folder = Path.GetFullPath(named, host.CurrentFolder);
            return Open(folder, $"{folder} ({FolderVariable})", host, LlamaSource.Variable);
        }

        var beside = Path.Combine(host.ProgramFolder, ProgramSubfolder);
        if (Directory.Exists(beside))
            return Open(beside, beside, host, LlamaSource.Program);

        package ??= LlamaPackage.Find(host);
        return package is null ? null : FindFetched(host, package);
    }

    /// <summary>The folder that comes before the user's: the variable's, the program's; null where neither is given.</summary>
    public static string? FolderInstead(HostEnvironment host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.Variable(FolderVariable) is { } named)
            return Path.GetFullPath(named, host.CurrentFolder);
        var beside = Path.Combine(host.ProgramFolder, ProgramSubfolder);
        return Directory.Exists(beside) ? beside : null;
    }

    internal static LlamaLibraries Open(
        string folder,
        string called,
        HostEnvironment host,
        LlamaSource source
    )
    {
        try
        {
            return new LlamaFolder(folder, called, host).Read(source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NativeLibraryException($"cannot read {called}: {e.Message}", e);
        }
    }

    /// <summary>A package's libraries in the user's folder; null where they are not there, or not whole.</summary>
    internal static LlamaLibraries? FindFetched(HostEnvironment host, LlamaPackage package)
    {
        try
        {
            var folder = LlamaPackageFetcher.LibraryFolder(host, package);
            return new LlamaFolder(folder, folder, host).Read(LlamaSource.User, package);
        }
        catch (Exception e)
            when (e is NativeLibraryException or IOException or UnauthorizedAccessException)
        {
            // What we fetched ourselves may be fetched again; the fetcher says why.
            return null;
        }
    }
}
