using EchoRate.Core.Engine;
using EchoRate.Core.Files;
using EchoRate.Machine.Host;

namespace EchoRate.Machine.Backends;

/// <summary>The GPU libraries in the user's folder: which are there, and bringing and removing them.</summary>
/// <remarks>
/// <code>
/// &lt;data folder&gt;/plugins/cuda/libggml-cuda.so   the library, whole or absent; put there by us, or by hand
///                      cuda/LICENSE           llama.cpp's
///                      .cuda.lock             held while somebody brings or removes it
///                      .cuda.tmp/             a download under way, or the leftover of a killed one
/// </code>
/// </remarks>
/// <param name="host">The machine.</param>
/// <param name="freeBytes">How much a folder's disk has left; null where the system does not say.</param>
/// <param name="npm">What fetches packages.</param>
public sealed class BackendStore(
    HostEnvironment host,
    Func<string, long?> freeBytes,
    string npm = "npm"
)
{
    private string Parent => host.InDataFolder("plugins");

    /// <summary>The folder that a backend's library is in, or would be.</summary>
    public string FolderOf(Backend backend) => Path.Combine(Parent, backend.Name);

    /// <summary>Where a backend's library is, or would be.</summary>
    public string PathOf(Backend backend) => Path.Combine(FolderOf(backend), backend.FileName);

    /// <summary>A backend's library; null where it is not installed.</summary>
    public string? Find(Backend backend) =>
        host.DataFolder is not null && File.Exists(PathOf(backend)) ? PathOf(backend) : null;

    /// <summary>Bytes of an installed library, of the file itself where a link stands for it.</summary>
    public long LengthOf(Backend backend)
    {
        using var file = File.OpenRead(PathOf(backend));
        return file.Length;
    }

    /// <summary>The names of what is installed, for messages.</summary>
    public string Installed() =>
        string.Join(", ", Backend.For(host).Where(backend => Find(backend) is not null))
            is { Length: > 0 } names
            ? names
            : "none";

    /// <summary>Tries an installed backend: what came of it, and why it does not work; null where it does.</summary>
    public async Task<(Trial Trial, string? Problem)> TryAsync(
        Backend backend,
        TrialRunner trials,
        CancellationToken cancellation
    )
    {
        var trial = await trials.TryAsync(PathOf(backend), cancellation);
        return (trial, trial.Problem(backend.DeviceBackend));
    }

    /// <summary>Brings a backend's library, checked; does nothing, and says so by false, where one is there, whoever put it there.</summary>
    /// <exception cref="NativeLibraryException">It cannot be had, or the disk has no room; nothing half-done stays behind.</exception>
    public async Task<bool> AddAsync(
        Backend backend,
        Action<string>? say,
        CancellationToken cancellation
    )
    {
        if (Find(backend) is not null)
        {
            return false;
        }
        var folder = FolderOf(backend);
        try
        {
            Directory.CreateDirectory(folder);
            using var held = await LockAsync(backend, say, cancellation);
            if (Find(backend) is not null)
            {
                return false;
            }
            RemoveLeftover(backend);
            RequireRoom(backend, say);
            try
            {
                var work = Directory.CreateDirectory(Work(backend)).FullName;
                await new NpmPackage(npm, backend, folder).FetchAsync(work, say, cancellation);
                File.Move(
                    Path.Combine(work, "LICENSE"),
                    Path.Combine(folder, "LICENSE"),
                    overwrite: true
                );
                File.Move(Path.Combine(work, backend.FileName), PathOf(backend));
            }
            finally
            {
                RemoveLeftover(backend);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NativeLibraryException(
                $"cannot write to {folder}: {e.Message.TrimEnd('.')}; {HostEnvironment.HomeVariable} may name another folder",
                e
            );
        }
        return true;
    }

    /// <summary>Removes a backend's library, and says from where and what it took.</summary>
    /// <exception cref="NativeLibraryException">It is not there, or somebody has it open.</exception>
    public async Task<(string Folder, long Bytes)> RemoveAsync(
        Backend backend,
        CancellationToken cancellation
    )
    {
        var folder = FolderOf(backend);
        if (Find(backend) is null)
        {
            throw new NativeLibraryException(
                $"{backend} is not installed: there is no {PathOf(backend)}; installed: {Installed()}"
            );
        }
        try
        {
            using var held = await LockAsync(backend, null, cancellation);
            var bytes = LengthOf(backend);
            RemoveLeftover(backend);
            Directory.Delete(folder, recursive: true);
            return (folder, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NativeLibraryException(
                $"cannot remove {folder}: {e.Message.TrimEnd('.')}; a run that uses it must end first",
                e
            );
        }
    }

    // A full disk is found out before hundreds of megabytes are fetched, not halfway.
    private void RequireRoom(Backend backend, Action<string>? say)
    {
        var folder = FolderOf(backend);
        say?.Invoke(
            $"{backend}: {backend.DownloadBytes / 1e6:F0} MB to download, {backend.LibraryBytes / 1e6:F0} MB on the disk, in {folder}"
        );
        // npm keeps what it downloaded in its cache, mostly on the same disk.
        var needed = backend.LibraryBytes + (2 * backend.DownloadBytes);
        if (freeBytes(folder) is { } free && free < needed)
        {
            throw new NativeLibraryException(
                $"no room for {backend}: it needs {needed / 1e6:F0} MB while it is installed, and the disk of {folder} has {free / 1e6:F0} MB left; {HostEnvironment.HomeVariable} may name another folder"
            );
        }
    }

    private Task<IDisposable> LockAsync(
        Backend backend,
        Action<string>? say,
        CancellationToken cancellation
    ) =>
        FileLock.TakeAsync(
            Hidden(backend) + ".lock",
            () => say?.Invoke($"another process is at {backend}: waiting for it"),
            cancellation
        );

    private string Hidden(Backend backend) => Path.Combine(Parent, "." + backend.Name);

    private string Work(Backend backend) => Hidden(backend) + ".tmp";

    // Only under the lock: then no download is under way.
    private void RemoveLeftover(Backend backend)
    {
        if (Directory.Exists(Work(backend)))
        {
            Directory.Delete(Work(backend), recursive: true);
        }
    }
}
