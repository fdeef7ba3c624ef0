using System.Text.Json;
using EchoRate.Core.Engine;

namespace EchoRate.Machine.Natives;

/// <summary>A folder that should hold llama.cpp: looks whether this machine can use it, and loads nothing.</summary>
/// <param name="path">The folder.</param>
/// <param name="called">What messages call it.</param>
/// <param name="host">The machine that its libraries must suit.</param>
internal sealed class LlamaFolder(string path, string called, HostEnvironment host)
{
    private const string MetadataFile = "_nlcBuildMetadata.json";

    private readonly LibraryNames _names = LibraryNames.For(host.System);

    /// <summary>The folder's libraries.</summary>
    /// <param name="source">Where the folder comes from.</param>
    /// <param name="package">The package that must be here, whole; null where anybody's build will do.</param>
    /// <exception cref="NativeLibraryException">A library is missing, foreign, damaged or of another release.</exception>
    public LlamaLibraries Read(LlamaSource source, LlamaPackage? package = null)
    {
        CheckExists();
        var found = FileNames().Select(_names.Parse).OfType<LibraryName>().ToList();
        var ggmlBase = One(found, "ggml-base");
        var ggml = One(found, "ggml");
        var llama = One(found, "llama");
        if (package is not null)
            CheckWhole(package);
        CheckHeader(ggmlBase);
        CheckHeader(ggml);
        CheckHeader(llama);
        var release = ReadMetadata() ?? llama.Release;
        if (release is not null && !LlamaReleases.Accepted.Contains(release))
            throw new NativeLibraryException(
                $"another llama.cpp version: have {release} in {called}, want {LlamaReleases.Wanted}"
            );
        return new()
        {
            Directory = path,
            GgmlBase = Path.Combine(path, ggmlBase.FileName),
            Ggml = Path.Combine(path, ggml.FileName),
            Llama = Path.Combine(path, llama.FileName),
            Release = release,
            Source = source,
        };
    }

    /// <summary>Checks the one library of a package that adds to another.</summary>
    /// <exception cref="NativeLibraryException">It is missing or wrong.</exception>
    public void CheckPlugin(string backend, LlamaPackage package)
    {
        CheckExists();
        var plugin = _names.Plugin(backend);
        if (!File.Exists(Path.Combine(path, plugin)))
            throw Missing(plugin);
        CheckSize(package);
        CheckHeader(plugin);
    }

    private void CheckExists()
    {
        if (!Directory.Exists(path))
            throw new NativeLibraryException($"no such folder: {called}");
    }

    /// <summary>What every complete package has beside the three libraries: its metadata, plugins for the CPU, and its size.</summary>
    private void CheckWhole(LlamaPackage package)
    {
        if (!File.Exists(Path.Combine(path, MetadataFile)))
            throw new NativeLibraryException($"missing file: no {MetadataFile} in {called}");
        if (!FileNames().Any(_names.IsCpuPlugin))
            throw Missing(_names.Plugin("ggml-cpu"));
        CheckSize(package);
    }

    // On a full disk npm writes what fits, cuts the rest short, and answers 0 (tried: npm 11 on Linux).
    private void CheckSize(LlamaPackage package)
    {
        var bytes = new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length);
        if (bytes < package.LibraryBytes)
            throw new NativeLibraryException(
                FormattableString.Invariant(
                    $"incomplete package: {called} has {bytes:N0} of {package.LibraryBytes:N0} bytes; is the disk full?"
                )
            );
    }

    private IEnumerable<string> FileNames() =>
        Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file));

    private LibraryName One(IEnumerable<LibraryName> found, string library)
    {
        // Of libllama.so, libllama.so.0 and libllama.so.0.0.1, links to one file, the shortest name speaks for all.
        var builds = found
            .Where(name => name.Library == library)
            .GroupBy(name => name.Build)
            .Select(build => build.MinBy(name => name.FileName.Length)!)
            .OrderBy(name => name.FileName, StringComparer.Ordinal)
            .ToList();
        if (builds.Count == 0)
            throw Missing(_names.Plain(library));
        if (builds.Count > 1)
            throw new NativeLibraryException(
                $"two builds of one library in {called}: {string.Join(", ", builds.Select(name => name.FileName))}; keep one"
            );
        return builds[0];
    }

    private void CheckHeader(LibraryName name) => CheckHeader(name.FileName);

    private void CheckHeader(string fileName)
    {
        var file = Path.Combine(path, fileName);
        var header =
            LibraryHeader.Read(file)
            ?? throw new NativeLibraryException(
                $"damaged library: {fileName} in {called} is not a 64-bit shared library, or was cut short"
            );
        if (!header.Suits(host))
            throw new NativeLibraryException(
                $"foreign library: {fileName} in {called} is for {header.Described}, this process is {host.Platform}"
            );
    }

    private NativeLibraryException Missing(string fileName) =>
        new($"missing library: no {fileName} in {called}");

    /// <summary>The release in the packages' metadata; null where there is no such file, as in llama.cpp's own builds.</summary>
    private string? ReadMetadata()
    {
        var file = Path.Combine(path, MetadataFile);
        if (!File.Exists(file))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return document
                .RootElement.GetProperty("buildOptions")
                .GetProperty("llamaCpp")
                .GetProperty("release")
                .GetString();
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new NativeLibraryException(
                $"damaged file: {MetadataFile} in {called} names no release of llama.cpp",
                e
            );
        }
    }
}
