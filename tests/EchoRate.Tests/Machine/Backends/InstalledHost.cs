using EchoRate.Machine.Backends;
using EchoRate.Machine.Natives;

namespace EchoRate.Tests.Machine.Backends;

/// <summary>An invented machine in whose user's folder some backends lie.</summary>
internal static class InstalledHost
{
    public static BackendStore Store(FakeHost fake) => new(fake.Host, _ => null);

    /// <summary>Puts packages where they would be fetched to.</summary>
    public static FakeHost WithPackages(this FakeHost fake, params string[] packages)
    {
        foreach (var package in packages.Select(LlamaPackageTests.Named))
            FakeHost.Package(package, LlamaPackageFetcher.PackageFolder(fake.Host, package));
        return fake;
    }

    /// <summary>Puts CUDA 12's folder where it would be composed.</summary>
    public static FakeHost WithCuda12(this FakeHost fake)
    {
        var backend = Backend.Find(fake.Host, "cuda12")!;
        var folder = Store(fake).LibraryFolder(backend);
        foreach (var file in FakeHost.FilesOf(backend.Package))
            FakeHost.Library(
                Path.Combine(folder, Path.GetFileName(file)),
                file.EndsWith(".json", StringComparison.Ordinal)
                    ? FakeHost.Metadata("v0.4.0")
                    : FakeLibrary.For(backend.Package)
            );
        var names = LibraryNames.For(fake.Host.System);
        using var plugin = File.OpenWrite(Path.Combine(folder, names.Plugin("ggml-cuda")));
        plugin.SetLength(backend.Addition!.LibraryBytes);
        return fake;
    }
}
