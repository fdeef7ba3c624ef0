using EchoRate.Core.Engine;

namespace EchoRate.Machine.Natives;

/// <summary>Fetches a package with npm into the user's folder, once, whatever happens beside it.</summary>
/// <remarks>
/// <code>
/// &lt;data folder&gt;/natives/linux-x64-3.21.1/            the package, whole or absent
///                         .linux-x64-3.21.1.lock      held while somebody fetches it
///                         .linux-x64-3.21.1.tmp-…/    an install under way, or the leftover of a killed one
/// </code>
/// Two npm at once in one folder can leave it half empty: hence the lock, the install beside, and the rename.
/// </remarks>
public static class LlamaPackageFetcher
{
    // Not called llama.cpp: who sets ECHORATE_HOME to the program's folder would shadow what lies beside the program.
    private const string Subfolder = "natives";

    /// <summary>Where a package lies once fetched.</summary>
    public static string PackageFolder(HostEnvironment host, LlamaPackage package) =>
        FolderOf(Parent(host), package.Name, package.Version);

    /// <summary>Where its libraries lie once fetched.</summary>
    public static string LibraryFolder(HostEnvironment host, LlamaPackage package) =>
        LibraryFolderIn(Parent(host), package);

    /// <summary>Makes sure that a package is in the user's folder, and returns the folder of its libraries.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="package">The package.</param>
    /// <param name="progress">Hears, line by line, what is fetched, how large it is, and where to.</param>
    /// <param name="cancellation">Ends the waiting and npm.</param>
    /// <exception cref="NativeLibraryException">It cannot be had; nothing half-done stays behind.</exception>
    public static Task<string> FetchAsync(
        HostEnvironment host,
        LlamaPackage package,
        IProgress<string>? progress = null,
        CancellationToken cancellation = default
    ) => FetchAsync(host, package, package.Lock, progress, cancellation);

    /// <summary>Makes sure that a package is in a folder of our own choice.</summary>
    internal static Task<string> FetchAsync(
        HostEnvironment host,
        string parent,
        LlamaPackage package,
        IProgress<string>? progress,
        CancellationToken cancellation
    ) => FetchAsync(host, parent, package, package.Lock, progress, cancellation);

    internal static Task<string> FetchAsync(
        HostEnvironment host,
        LlamaPackage package,
        LlamaPackageLock pinned,
        IProgress<string>? progress,
        CancellationToken cancellation
    ) => FetchAsync(host, Parent(host), package, pinned, progress, cancellation);

    /// <summary>The folder that packages are fetched into.</summary>
    internal static string Parent(HostEnvironment host) => Path.Combine(host.DataFolder, Subfolder);

    internal static string FolderOf(string parent, string name, string version) =>
        Path.Combine(parent, $"{name}-{version}");

    internal static string LibraryFolderIn(string parent, LlamaPackage package) =>
        Path.Combine(FolderOf(parent, package.Name, package.Version), package.LibraryFolder);

    /// <summary>Where the lock and the temporary folders of a folder lie, less their ends.</summary>
    internal static string Hidden(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, "." + Path.GetFileName(target));

    /// <summary>Whether a package lies whole in a folder.</summary>
    internal static bool IsHere(HostEnvironment host, string parent, LlamaPackage package) =>
        IsFetched(host, package, FolderOf(parent, package.Name, package.Version), progress: null);

    internal static NativeLibraryException CannotWrite(string parent, Exception e) =>
        new(
            $"cannot write to {parent}: {e.Message.TrimEnd('.')}; {HostEnvironment.HomeVariable} may name another folder",
            e
        );

    private static async Task<string> FetchAsync(
        HostEnvironment host,
        string parent,
        LlamaPackage package,
        LlamaPackageLock pinned,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        var target = FolderOf(parent, package.Name, package.Version);
        var hidden = Hidden(target);
        try
        {
            Directory.CreateDirectory(parent);
            using var held = await FetchLock
                .TakeAsync(
                    hidden + ".lock",
                    () =>
                        progress?.Report(
                            $"another process is fetching {package.Name}: waiting for it"
                        ),
                    cancellation
                )
                .ConfigureAwait(false);
            RemoveLeftovers(hidden);
            if (!IsFetched(host, package, target, progress))
            {
                await InstallAsync(host, package, pinned, hidden, target, progress, cancellation)
                    .ConfigureAwait(false);
                progress?.Report($"llama.cpp {package.Release} is in {target}");
            }
            return LibraryFolderIn(parent, package);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(parent, e);
        }
    }

    private static async Task InstallAsync(
        HostEnvironment host,
        LlamaPackage package,
        LlamaPackageLock pinned,
        string hidden,
        string target,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        var npm =
            Npm.Find(host)
            ?? throw new NativeLibraryException(
                $"no npm on PATH to fetch llama.cpp's libraries with: install Node.js 20 or newer, or let {LlamaLocator.FolderVariable} name a folder that has them"
            );
        progress?.Report(
            FormattableString.Invariant(
                $"fetching llama.cpp {package.Release} for {package.Name} ({package.DownloadBytes / 1e6:F1} MB) to {target}"
            )
        );
        var work = TemporaryFolder(hidden);
        try
        {
            Directory.CreateDirectory(work);
            File.WriteAllText(Path.Combine(work, "package.json"), pinned.PackageJson);
            File.WriteAllText(Path.Combine(work, "package-lock.json"), pinned.PackageLockJson);
            await npm.InstallAsync(work, package, progress, cancellation).ConfigureAwait(false);
            var installed = Path.Combine(work, "node_modules", "@node-llama-cpp", package.Name);
            Check(host, package, installed, $"the fetched {package}");
            if (Directory.Exists(target))
                Directory.Move(target, TemporaryFolder(hidden));
            await MoveAsync(installed, target, cancellation).ConfigureAwait(false);
        }
        finally
        {
            RemoveLeftovers(hidden);
        }
    }

    private static bool IsFetched(
        HostEnvironment host,
        LlamaPackage package,
        string target,
        IProgress<string>? progress
    )
    {
        if (!Directory.Exists(target))
            return false;
        try
        {
            Check(host, package, target, Path.Combine(target, package.LibraryFolder));
            return true;
        }
        catch (NativeLibraryException e)
        {
            progress?.Report($"{e.Message}: fetching it again");
            return false;
        }
    }

    private static void Check(
        HostEnvironment host,
        LlamaPackage package,
        string packageFolder,
        string called
    )
    {
        var folder = new LlamaFolder(
            Path.Combine(packageFolder, package.LibraryFolder),
            called,
            host
        );
        if (package.AddsTo is null)
            folder.Read(LlamaSource.User, package);
        else
            folder.CheckPlugin("ggml-cuda", package);
    }

    internal static string TemporaryFolder(string hidden) => $"{hidden}.tmp-{Guid.NewGuid():N}";

    /// <summary>Removes what killed installs left. Only under the lock: then no install is under way.</summary>
    internal static void RemoveLeftovers(string hidden)
    {
        var pattern = Path.GetFileName(hidden) + ".tmp-*";
        foreach (
            var leftover in Directory.EnumerateDirectories(Path.GetDirectoryName(hidden)!, pattern)
        )
        {
            try
            {
                Directory.Delete(leftover, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Windows does not delete what somebody has open: it stays for the next time, and harms nobody.
            }
        }
    }

    // Virus scanners on Windows open fresh files for a moment, and a folder with an open file cannot be renamed.
    internal static async Task MoveAsync(string from, string to, CancellationToken cancellation)
    {
        for (var left = OperatingSystem.IsWindows() ? 25 : 0; ; left--)
        {
            try
            {
                Directory.Move(from, to);
                return;
            }
            catch (Exception e) when (left > 0 && e is (IOException or UnauthorizedAccessException))
            {
                await Task.Delay(200, cancellation).ConfigureAwait(false);
            }
        }
    }
}
