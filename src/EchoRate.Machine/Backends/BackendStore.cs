using EchoRate.Core.Engine;
using EchoRate.Machine.Natives;

namespace EchoRate.Machine.Backends;

/// <summary>The backends in the user's folder: which are there, and bringing and removing them.</summary>
/// <param name="host">The machine.</param>
/// <param name="freeBytes">How much a folder's disk has left; null where the system does not say.</param>
public sealed class BackendStore(HostEnvironment host, Func<string, long?> freeBytes)
{
    /// <summary>The folder that a backend's libraries are in, or would be.</summary>
    public string LibraryFolder(Backend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return backend.Addition is null
            ? LlamaPackageFetcher.LibraryFolder(host, backend.Package)
            : new ComposedFolder(host, backend).Path;
    }

    /// <summary>A backend's libraries; null where it is not installed, or not whole.</summary>
    public LlamaLibraries? Find(Backend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return backend.Addition is null
            ? LlamaLocator.FindFetched(host, backend.Package)
            : new ComposedFolder(host, backend).Find();
    }

    /// <summary>Bytes that a backend takes on the disk, half-fetched ones too; 0 where nothing of it is there.</summary>
    public long DiskBytes(Backend backend)
    {
        var folder = OwnFolder(backend);
        return Directory.Exists(folder)
            ? new DirectoryInfo(folder)
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .Sum(file => file.Length)
            : 0;
    }

    /// <summary>Brings a backend; does nothing where it is installed.</summary>
    /// <param name="backend">Which.</param>
    /// <param name="progress">Hears what it weighs before anything is fetched, and then what is done.</param>
    /// <param name="cancellation">Ends it; what was fetched whole is kept for the next time.</param>
    /// <returns>Whether anything had to be done.</returns>
    /// <exception cref="NativeLibraryException">It cannot be had, or the disk has no room.</exception>
    public async Task<bool> AddAsync(
        Backend backend,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        if (Find(backend) is not null)
            return false;
        var composed = backend.Addition is null ? null : new ComposedFolder(host, backend);
        var lacking = composed?.Lacking().ToList() ?? [backend.Package];
        Weigh(backend, lacking, progress);
        if (composed is null)
        {
            await LlamaPackageFetcher
                .FetchAsync(host, backend.Package, progress, cancellation)
                .ConfigureAwait(false);
            return true;
        }
        try
        {
            Directory.CreateDirectory(LlamaPackageFetcher.Parent(host));
            await composed.MakeAsync(progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LlamaPackageFetcher.CannotWrite(LlamaPackageFetcher.Parent(host), e);
        }
        progress?.Report($"{backend.Name} is in {composed.Path}");
        return true;
    }

    /// <summary>Removes a backend that was fetched by us.</summary>
    /// <returns>The folder that was removed.</returns>
    /// <exception cref="NativeLibraryException">It is not there, or somebody has it open.</exception>
    public async Task<string> RemoveAsync(Backend backend, CancellationToken cancellation)
    {
        var folder = OwnFolder(backend);
        var composed = backend.Addition is null ? null : new ComposedFolder(host, backend);
        if (!Directory.Exists(folder))
        {
            composed?.RemoveParts();
            throw new NativeLibraryException(
                $"{backend.Name} is not installed: there is no {folder}; installed: {Installed()}"
            );
        }
        var hidden = LlamaPackageFetcher.Hidden(folder);
        try
        {
            using var held = await FetchLock
                .TakeAsync(hidden + ".lock", () => { }, cancellation)
                .ConfigureAwait(false);
            // Out of the way first: whoever looks meanwhile finds it whole or not at all.
            Directory.Move(folder, LlamaPackageFetcher.TemporaryFolder(hidden));
            LlamaPackageFetcher.RemoveLeftovers(hidden);
            composed?.RemoveParts();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NativeLibraryException(
                $"cannot remove {folder}: {e.Message.TrimEnd('.')}; a run that uses it must end first",
                e
            );
        }
        return folder;
    }

    /// <summary>The names of what is installed, for messages.</summary>
    public string Installed()
    {
        var names = Backend
            .For(host)
            .Where(other => Find(other) is not null)
            .Select(other => other.Name)
            .ToList();
        return names.Count == 0 ? "none" : string.Join(", ", names);
    }

    private string OwnFolder(Backend backend) =>
        backend.Addition is null
            ? LlamaPackageFetcher.PackageFolder(host, backend.Package)
            : new ComposedFolder(host, backend).Path;

    // Said before it is fetched; and 300 MB on a full disk are refused beforehand, not halfway.
    private void Weigh(Backend backend, List<LlamaPackage> lacking, IProgress<string>? progress)
    {
        var download = lacking.Sum(package => package.DownloadBytes);
        var unpacked = lacking.Sum(package => package.LibraryBytes);
        var parent = LlamaPackageFetcher.Parent(host);
        progress?.Report(
            lacking.Count == 0
                ? $"{backend.Name}: all of it was downloaded before"
                : FormattableString.Invariant(
                    $"{backend.Name}: {download / 1e6:F0} MB to download, {unpacked / 1e6:F0} MB on the disk, in {parent}"
                )
        );
        // npm keeps what it downloaded in its cache, mostly on the same disk.
        var needed = unpacked + download;
        if (freeBytes(parent) is { } free && free < needed)
            throw new NativeLibraryException(
                FormattableString.Invariant(
                    $"no room for {backend.Name}: it needs {needed / 1e6:F0} MB while it is installed, and the disk of {parent} has {free / 1e6:F0} MB left; {HostEnvironment.HomeVariable} may name another folder"
                )
            );
    }
}
