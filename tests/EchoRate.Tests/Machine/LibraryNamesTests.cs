using EchoRate.Machine;
using EchoRate.Machine.Natives;

namespace EchoRate.Tests.Machine;

public class LibraryNamesTests
{
    /// <summary>The names in the twelve real packages, as their tarballs list them.</summary>
    [Theory]
    [InlineData("linux-x64", "libggml-base.so", "libggml.v0.4.0.so", "libllama.v0.4.0.so")]
    [InlineData("linux-arm64", "libggml-base.so", "libggml.v0.4.0.so", "libllama.v0.4.0.so")]
    [InlineData("win-x64", "ggml-base.dll", "ggml.v0.4.0.dll", "llama.v0.4.0.dll")]
    [InlineData("win-arm64", "ggml-base.dll", "ggml.v0.4.0.dll", "llama.v0.4.0.dll")]
    [InlineData(
        "mac-arm64-metal",
        "libggml-base.dylib",
        "libggml.metal.v0.4.0.dylib",
        "libllama.metal.v0.4.0.dylib"
    )]
    [InlineData("mac-x64", "libggml-base.dylib", "libggml.v0.4.0.dylib", "libllama.v0.4.0.dylib")]
    [InlineData(
        "linux-x64-cuda",
        "libggml-base.so",
        "libggml.cuda.v0.4.0.so",
        "libllama.cuda.v0.4.0.so"
    )]
    [InlineData(
        "linux-x64-vulkan",
        "libggml-base.so",
        "libggml.vulkan.v0.4.0.so",
        "libllama.vulkan.v0.4.0.so"
    )]
    [InlineData("win-x64-cuda", "ggml-base.dll", "ggml.cuda.v0.4.0.dll", "llama.cuda.v0.4.0.dll")]
    [InlineData(
        "win-x64-vulkan",
        "ggml-base.dll",
        "ggml.vulkan.v0.4.0.dll",
        "llama.vulkan.v0.4.0.dll"
    )]
    public void The_three_libraries_of_a_real_package_are_found_among_its_files(
        string package,
        string ggmlBase,
        string ggml,
        string llama
    )
    {
        var names = LibraryNames.For(SystemOf(package));
        var files = FakeHost
            .FilesOf(LlamaPackageTests.Named(package))
            .Select(path => path.Split('/')[^1])
            .ToList();

        var found = files.Select(names.Parse).OfType<LibraryName>().ToList();

        Assert.Equal(
            [("ggml", ggml), ("ggml-base", ggmlBase), ("llama", llama)],
            found.Select(name => (name.Library, name.FileName)).Order()
        );
        Assert.Equal("v0.4.0", found.Single(name => name.Library == "llama").Release);
        Assert.Contains(files, names.IsCpuPlugin);
    }

    [Theory]
    [InlineData("linux-x64-cuda-ext", "bins/linux-x64-cuda/fallback/libggml-cuda.so")]
    [InlineData("win-x64-cuda-ext", "bins/win-x64-cuda/fallback/ggml-cuda.dll")]
    public void The_extra_packages_hold_one_library(string package, string file) =>
        Assert.Equal([file], FakeHost.FilesOf(LlamaPackageTests.Named(package)));

    [Theory]
    [InlineData(HostSystem.Linux, "libllama.so", "llama", "libllama")]
    [InlineData(HostSystem.Linux, "libllama.so.0.0.6730", "llama", "libllama")]
    [InlineData(HostSystem.Linux, "libggml-base.so.0", "ggml-base", "libggml-base")]
    [InlineData(HostSystem.Windows, "llama.dll", "llama", "llama")]
    [InlineData(HostSystem.Windows, "LLAMA.DLL", "llama", "LLAMA")]
    [InlineData(HostSystem.Windows, "libggml.dll", "ggml", "libggml")]
    [InlineData(HostSystem.MacOS, "libllama.0.0.6730.dylib", "llama", "libllama")]
    [InlineData(HostSystem.MacOS, "libggml.dylib", "ggml", "libggml")]
    public void Names_of_llama_cpps_own_builds_are_known(
        HostSystem system,
        string file,
        string library,
        string build
    ) =>
        Assert.Equal(
            new LibraryName(file, library, build, null),
            LibraryNames.For(system).Parse(file)
        );

    [Theory]
    [InlineData(HostSystem.Linux, "libllama-common.so")]
    [InlineData(HostSystem.Linux, "libggml-cpu-x64.so")]
    [InlineData(HostSystem.Linux, "libggml-cuda.so")]
    [InlineData(HostSystem.Linux, "llama-addon.node")]
    [InlineData(HostSystem.Linux, "libllama.so.txt")]
    [InlineData(HostSystem.Linux, "libllama.dylib")]
    [InlineData(HostSystem.Windows, "libllama.so")]
    [InlineData(HostSystem.Windows, "llama-addon.lib")]
    [InlineData(HostSystem.MacOS, "libggml-blas.so")]
    public void Other_files_are_none_of_the_three(HostSystem system, string file) =>
        Assert.Null(LibraryNames.For(system).Parse(file));

    private static HostSystem SystemOf(string package) =>
        package.StartsWith("win", StringComparison.Ordinal) ? HostSystem.Windows
        : package.StartsWith("mac", StringComparison.Ordinal) ? HostSystem.MacOS
        : HostSystem.Linux;
}
