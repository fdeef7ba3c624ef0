using EchoRate.LLamaSharp.Libraries;

namespace EchoRate.LLamaSharp.Tests.Libraries;

public sealed class LoadedLibraryTests
{
    [Fact]
    public void The_library_says_which_file_was_really_loaded_and_what_became_of_CUDA()
    {
        var library = TestLibrary.Load().Facts;

        Assert.StartsWith("LLamaSharp took " + library.LibraryFolder, library.Notes[0]);
        Assert.StartsWith("CUDA: ", library.Notes[1]);
        Assert.StartsWith(LLamaSharpLibrary.PackageVersion, library.Version);
        Assert.Contains("ggml-cpu", library.CpuLibrary);

        // The system's own list of what is loaded must agree.
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var loaded = process
            .Modules.Cast<System.Diagnostics.ProcessModule>()
            .Select(module => module.FileName)
            .Where(file => Path.GetFileName(file).Contains("llama."))
            .Where(file => !file.EndsWith(".Tests.dll"));
        Assert.Contains(loaded, file => Path.GetDirectoryName(file) == library.LibraryFolder);
    }

    [Fact]
    public void A_second_library_is_refused_in_one_line()
    {
        var library = TestLibrary.Load().Facts;
        using var folder = new TemporaryFolder();

        var exception = Assert.Throws<NativeLibraryException>(() =>
            LLamaSharpLibrary.Load(folder.Path, null)
        );

        Assert.Contains(library.LibraryFolder, exception.Message);
        Assert.Contains(folder.Path, exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
