using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Natives;

namespace EchoRate.Tests.Machine;

public class LlamaLocatorTests
{
    private static readonly string[] Own = ["libllama.so", "libggml.so", "libggml-base.so"];

    private static readonly string[] FromNpm =
    [
        "libllama.v0.4.0.so",
        "libggml.v0.4.0.so",
        "libggml-base.so",
    ];

    [Fact]
    public void Nothing_anywhere_is_null()
    {
        using var fake = new FakeHost();
        Assert.Null(LlamaLocator.Find(fake.Host));
    }

    [Fact]
    public void On_a_platform_without_packages_nothing_is_null_and_own_builds_are_found()
    {
        using var fake = new FakeHost(architecture: Architecture.RiscV64);
        Assert.Null(LlamaLocator.Find(fake.Host));
        var folder = fake.Libraries("own", Own);
        fake.With("ECHORATE_LLAMA_DIR", folder);
        Assert.Equal(folder, LlamaLocator.Find(fake.Host)!.Directory);
    }

    [Fact]
    public void The_variable_comes_first_then_the_programs_folder_then_the_users()
    {
        using var fake = new FakeHost();
        var package = LlamaPackage.For(fake.Host);
        FakeHost.Package(package, LlamaPackageFetcher.PackageFolder(fake.Host, package));
        Assert.Equal(LlamaSource.User, LlamaLocator.Find(fake.Host)!.Source);

        fake.Libraries(Path.Combine("program", "llama.cpp"), FromNpm);
        Assert.Equal(LlamaSource.Program, LlamaLocator.Find(fake.Host)!.Source);

        fake.With("ECHORATE_LLAMA_DIR", fake.Libraries("own", Own));
        Assert.Equal(LlamaSource.Variable, LlamaLocator.Find(fake.Host)!.Source);
    }

    [Fact]
    public void Full_paths_and_the_release_come_with_the_folder()
    {
        using var fake = new FakeHost();
        var folder = fake.Libraries("own", FromNpm);
        fake.With("ECHORATE_LLAMA_DIR", "own");

        Assert.Equal(
            new LlamaLibraries
            {
                Directory = folder,
                GgmlBase = Path.Combine(folder, "libggml-base.so"),
                Ggml = Path.Combine(folder, "libggml.v0.4.0.so"),
                Llama = Path.Combine(folder, "libllama.v0.4.0.so"),
                Release = "v0.4.0",
                Source = LlamaSource.Variable,
            },
            LlamaLocator.Find(fake.Host)
        );
    }

    [Fact]
    public void Llama_cpps_own_build_names_no_release_and_its_links_are_one_library()
    {
        using var fake = new FakeHost();
        fake.Libraries("own", [.. Own, "libllama.so.0", "libllama.so.0.0.6730", "libggml.so.0"]);
        fake.With("ECHORATE_LLAMA_DIR", "own");

        var found = LlamaLocator.Find(fake.Host)!;

        Assert.Null(found.Release);
        Assert.Equal("libllama.so", Path.GetFileName(found.Llama));
    }

    [Theory]
    [MemberData(nameof(CompletePackages))]
    public void A_fetched_package_is_found_on_every_platform(string name)
    {
        var package = LlamaPackageTests.Named(name);
        var words = package.Platform.Split('-');
        using var fake = new FakeHost(
            words[0] switch
            {
                "win" => HostSystem.Windows,
                "mac" => HostSystem.MacOS,
                _ => HostSystem.Linux,
            },
            words[1] == "x64" ? Architecture.X64 : Architecture.Arm64
        );
        FakeHost.Package(package, LlamaPackageFetcher.PackageFolder(fake.Host, package));

        var found = LlamaLocator.Find(fake.Host, package);

        Assert.Equal(package.Release, found!.Release);
        Assert.All(
            [found.GgmlBase, found.Ggml, found.Llama],
            path => Assert.True(File.Exists(path))
        );
    }

    public static TheoryData<string> CompletePackages =>
        [.. LlamaPackage.All.Where(package => package.AddsTo is null).Select(p => p.Name)];

    [Fact]
    public void A_variable_that_names_no_folder_is_an_error_though_the_user_has_one()
    {
        using var fake = new FakeHost();
        var package = LlamaPackage.For(fake.Host);
        FakeHost.Package(package, LlamaPackageFetcher.PackageFolder(fake.Host, package));
        fake.With("ECHORATE_LLAMA_DIR", "gone");
        AssertFails(fake, $"no such folder: {fake.In("gone")} (ECHORATE_LLAMA_DIR)");
    }

    [Fact]
    public void An_empty_variable_is_none()
    {
        using var fake = new FakeHost();
        Assert.Null(LlamaLocator.Find(fake.With("ECHORATE_LLAMA_DIR", "").Host));
    }

    [Theory]
    [InlineData("libllama.v0.4.0.so", "libllama.so")]
    [InlineData("libggml.v0.4.0.so", "libggml.so")]
    [InlineData("libggml-base.so", "libggml-base.so")]
    public void A_missing_library_is_named_with_its_folder(string missing, string named)
    {
        using var fake = new FakeHost();
        var folder = fake.Libraries("own", [.. FromNpm.Where(file => file != missing)]);
        fake.With("ECHORATE_LLAMA_DIR", folder);
        AssertFails(fake, $"missing library: no {named} in {folder} (ECHORATE_LLAMA_DIR)");
    }

    [Fact]
    public void A_foreign_library_is_known_by_its_header()
    {
        using var fake = new FakeHost();
        var folder = fake.Libraries("own", FromNpm);
        FakeHost.Library(
            Path.Combine(folder, "libggml.v0.4.0.so"),
            FakeLibrary.For(HostSystem.Linux, Architecture.Arm64)
        );
        fake.With("ECHORATE_LLAMA_DIR", folder);
        AssertFails(
            fake,
            $"foreign library: libggml.v0.4.0.so in {folder} (ECHORATE_LLAMA_DIR) is for Linux arm64, this process is linux-x64"
        );
    }

    [Fact]
    public void A_library_that_was_cut_short_is_damaged()
    {
        using var fake = new FakeHost();
        var folder = fake.Libraries("own", FromNpm);
        FakeHost.Library(Path.Combine(folder, "libllama.v0.4.0.so"), []);
        fake.With("ECHORATE_LLAMA_DIR", folder);
        AssertFails(
            fake,
            $"damaged library: libllama.v0.4.0.so in {folder} (ECHORATE_LLAMA_DIR) is not a 64-bit shared library, or was cut short"
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_release_is_refused_by_name_or_by_metadata(bool byMetadata)
    {
        using var fake = new FakeHost();
        var version = byMetadata ? "v0.4.0" : "v0.6.0";
        var folder = fake.Libraries(
            "own",
            $"libllama.{version}.so",
            $"libggml.{version}.so",
            "libggml-base.so"
        );
        if (byMetadata)
            FakeHost.Library(
                Path.Combine(folder, "_nlcBuildMetadata.json"),
                FakeHost.Metadata("v0.6.0")
            );
        fake.With("ECHORATE_LLAMA_DIR", folder);
        AssertFails(
            fake,
            $"another llama.cpp version: have v0.6.0 in {folder} (ECHORATE_LLAMA_DIR), want v0.4.0 or v0.5.0"
        );
    }

    [Fact]
    public void Two_builds_in_one_folder_are_not_guessed_between()
    {
        using var fake = new FakeHost();
        var folder = fake.Libraries("own", [.. FromNpm, "libllama.v0.5.0.so"]);
        fake.With("ECHORATE_LLAMA_DIR", folder);
        AssertFails(
            fake,
            $"two builds of one library in {folder} (ECHORATE_LLAMA_DIR): libllama.v0.4.0.so, libllama.v0.5.0.so; keep one"
        );
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"buildOptions":{}}""")]
    [InlineData("""{"buildOptions":{"llamaCpp":{"release":4}}}""")]
    public void Damaged_metadata_is_an_error(string text)
    {
        using var fake = new FakeHost();
        var folder = fake.Libraries("own", FromNpm);
        File.WriteAllText(Path.Combine(folder, "_nlcBuildMetadata.json"), text);
        fake.With("ECHORATE_LLAMA_DIR", folder);
        AssertFails(
            fake,
            $"damaged file: _nlcBuildMetadata.json in {folder} (ECHORATE_LLAMA_DIR) names no release of llama.cpp"
        );
    }

    [Fact]
    public void A_programs_folder_that_is_wrong_is_an_error()
    {
        using var fake = new FakeHost();
        var folder = fake.Libraries(Path.Combine("program", "llama.cpp"));
        AssertFails(fake, $"missing library: no libggml-base.so in {folder}");
    }

    [Fact]
    public void A_users_folder_that_is_not_whole_is_left_to_the_fetcher()
    {
        using var fake = new FakeHost();
        var package = LlamaPackage.For(fake.Host);
        var folder = LlamaPackageFetcher.PackageFolder(fake.Host, package);
        FakeHost.Package(package, folder);
        foreach (
            var plugin in Directory.EnumerateFiles(
                LlamaPackageFetcher.LibraryFolder(fake.Host, package),
                "libggml-cpu-*"
            )
        )
            File.Delete(plugin);
        Assert.Null(LlamaLocator.Find(fake.Host));
    }

    private static void AssertFails(FakeHost fake, string message)
    {
        var e = Assert.Throws<NativeLibraryException>(() => LlamaLocator.Find(fake.Host));
        Assert.Equal(message, e.Message);
    }
}
