using EchoRate.Core.Engine;
using EchoRate.Machine.Natives;

namespace EchoRate.Machine.Backends;

/// <summary>
/// A folder of two packages: everything of the complete one, with the addition's library in the place of its own. llama.cpp loads whatever backends
/// lie in one folder, so two libraries for CUDA must not.
/// </summary>
/// <remarks>
/// <code>
/// &lt;data folder&gt;/natives/linux-x64-cuda12-3.21.1/          the composed folder, whole or absent
///                         .linux-x64-cuda12-3.21.1.parts/   packages that are fetched for it alone, gone when it stands
///                         .linux-x64-cuda12-3.21.1.tmp-…/   composed just now, or the leftover of a killed process
/// </code>
/// It is a copy: what it was made of may be removed.
/// </remarks>
internal sealed class ComposedFolder(HostEnvironment host, Backend backend)
{
    private readonly LlamaPackage _addition = backend.Addition!;

    /// <summary>The folder.</summary>
    public string Path { get; } =
        LlamaPackageFetcher.FolderOf(
            LlamaPackageFetcher.Parent(host),
            $"{backend.Package.Platform}-{backend.Name}",
            backend.Package.Version
        );

    /// <summary>The libraries in it; null where it is not there, or not whole.</summary>
    public LlamaLibraries? Find()
    {
        try
        {
            var folder = new LlamaFolder(Path, Path, host);
            folder.CheckPlugin(backend.Plugin, _addition);
            return folder.Read(LlamaSource.User);
        }
        catch (Exception e)
            when (e is NativeLibraryException or IOException or UnauthorizedAccessException)
        {
            // Made again on demand.
            return null;
        }
    }

    /// <summary>The packages that are still to be fetched.</summary>
    public IEnumerable<LlamaPackage> Lacking()
    {
        if (Find() is not null)
            yield break;
        if (Source() is null)
            yield return backend.Package;
        if (!LlamaPackageFetcher.IsHere(host, Parts, _addition))
            yield return _addition;
    }

    /// <summary>Fetches what is lacking and composes the folder; nothing where it stands.</summary>
    /// <exception cref="NativeLibraryException">It cannot be had.</exception>
    public async Task MakeAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        using var held = await FetchLock
            .TakeAsync(
                Hidden + ".lock",
                () => progress?.Report($"another process is making {backend.Name}: waiting for it"),
                cancellation
            )
            .ConfigureAwait(false);
        LlamaPackageFetcher.RemoveLeftovers(Hidden);
        if (Find() is not null)
            return;
        var source =
            Source()
            ?? await LlamaPackageFetcher
                .FetchAsync(host, Parts, backend.Package, progress, cancellation)
                .ConfigureAwait(false);
        var addition = await LlamaPackageFetcher
            .FetchAsync(host, Parts, _addition, progress, cancellation)
            .ConfigureAwait(false);
        var work = LlamaPackageFetcher.TemporaryFolder(Hidden);
        Compose(source, addition, work, cancellation);
        if (Directory.Exists(Path))
            Directory.Move(Path, LlamaPackageFetcher.TemporaryFolder(Hidden));
        await LlamaPackageFetcher.MoveAsync(work, Path, cancellation).ConfigureAwait(false);
        RemoveParts();
        LlamaPackageFetcher.RemoveLeftovers(Hidden);
    }

    /// <summary>Removes what was fetched for a folder that was never made.</summary>
    public void RemoveParts()
    {
        if (Directory.Exists(Parts))
            Directory.Delete(Parts, recursive: true);
    }

    private string Hidden => LlamaPackageFetcher.Hidden(Path);

    private string Parts => Hidden + ".parts";

    // The complete package, where it is installed for its own sake, or came before this process was killed.
    private string? Source() =>
        new[] { LlamaPackageFetcher.Parent(host), Parts }
            .Where(parent => LlamaPackageFetcher.IsHere(host, parent, backend.Package))
            .Select(parent => LlamaPackageFetcher.LibraryFolderIn(parent, backend.Package))
            .FirstOrDefault();

    private void Compose(
        string source,
        string addition,
        string work,
        CancellationToken cancellation
    )
    {
        var plugin = LibraryNames.For(host.System).Plugin(backend.Plugin);
        Directory.CreateDirectory(work);
        foreach (var file in Directory.EnumerateFiles(source))
        {
            cancellation.ThrowIfCancellationRequested();
            var name = System.IO.Path.GetFileName(file);
            if (name != plugin)
                File.Copy(file, System.IO.Path.Combine(work, name));
        }
        // The largest file by far, and fetched for this alone: not copied.
        File.Move(System.IO.Path.Combine(addition, plugin), System.IO.Path.Combine(work, plugin));
    }
}
