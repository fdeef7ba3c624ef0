using EchoRate.LLamaSharp.Libraries;

namespace EchoRate.LLamaSharp.Tests.Plugins;

/// <summary>What is known of GPU libraries before one is loaded. Loading them is tested in processes: EchoRate.Cli.Tests, TrialTests.</summary>
public sealed class PluginTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Into_another_ggml_no_plugin_fits()
    {
        Assert.Null(GgmlPlugin.Unfit("libggml-cuda.so", "0.18.0"));
        Assert.Equal(
            "no plugin fits: libggml-cuda.so is made for ggml 0.18.0, and the loaded llama.cpp has ggml 0.19.0",
            GgmlPlugin.Unfit("libggml-cuda.so", "0.19.0")
        );
        Assert.NotNull(GgmlPlugin.Unfit("libggml-cuda.so", null));
    }

    [Fact]
    public void The_names_in_a_windows_library_are_those_that_it_imports()
    {
        // Managed libraries for every processor import .NET's starter.
        Assert.Equal(["mscoree.dll"], NeededLibraries.OfWindows(typeof(Assert).Assembly.Location));
    }

    [Fact]
    public void A_build_with_a_version_in_its_names_is_told_how_to_be_built() =>
        Assert.Equal(
            "it wants libggml-base.so.0, and LLamaSharp's is called libggml-base.so; build it with -DCMAKE_PLATFORM_NO_VERSIONED_SONAME=ON, or run: patchelf --replace-needed libggml-base.so.0 libggml-base.so /p/libggml-cuda.so",
            NeededLibraries.Explain(
                "/p/libggml-cuda.so",
                "libggml-base.so.0: cannot open shared object file: No such file or directory"
            )
        );

    [Fact]
    public void A_runtime_library_beside_the_plugin_is_not_missing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the names are Linux's");
        File.WriteAllText(_folder.At("libcudart.so.99"), "");
        File.WriteAllText(_folder.At("libcublas.so.12"), "");
        Assert.StartsWith(
            "missing: libcudart.so.12, libcublasLt.so.12",
            NeededLibraries.Explain(
                _folder.At("libggml-cuda.so"),
                "libcudart.so.12: cannot open shared object file: No such file or directory"
            )
        );
    }
}
