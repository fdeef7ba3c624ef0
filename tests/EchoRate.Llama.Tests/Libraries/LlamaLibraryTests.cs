using EchoRate.Core.Engine;
using EchoRate.Llama.Tests.Fixtures;

namespace EchoRate.Llama.Tests.Libraries;

public sealed class LlamaLibraryTests
{
    [Fact]
    public void The_library_says_its_version_and_the_cpu_library_that_it_took()
    {
        var library = TestLibraries.Load();

        Assert.Matches(@"^0\.[45]\.", library.Version);
        Assert.NotNull(library.CpuLibrary);
        Assert.True(File.Exists(Path.Combine(library.Folder, library.CpuLibrary)));
        Assert.Contains(
            library.ReadDevices(),
            device => device.Kind == DeviceKind.Cpu && device.Backend == "cpu"
        );
    }

    [Fact]
    public void The_same_files_again_are_the_same_library() =>
        Assert.Same(TestLibraries.Load(), TestLibraries.Load());

    [Fact]
    public void A_second_library_in_one_process_is_refused_in_one_line()
    {
        var loaded = TestLibraries.Load();
        var found = TestLibraries.Locate();

        var exception = Assert.Throws<NativeLibraryException>(() =>
            LlamaLibrary.Load(
                found.GgmlBase,
                found.Ggml,
                Path.Combine(Path.GetTempPath(), "libllama.so")
            )
        );

        Assert.Contains(loaded.Version, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
