using EchoRate.LLamaSharp.Libraries;

namespace EchoRate.LLamaSharp.Tests.Libraries;

public sealed class LibraryFilesTests
{
    [Theory]
    [InlineData("libllama.so", "llama")]
    [InlineData("libllama.b8390.so", "llama")]
    [InlineData("libllama.so.0", "llama")]
    [InlineData("llama.dll", "llama")]
    [InlineData("llama.b8390.dll", "llama")]
    [InlineData("libllama.0.dylib", "llama")]
    [InlineData("libggml.b8390.so", "ggml")]
    [InlineData("libggml-base.so", "ggml-base")]
    [InlineData("libggml-cuda.so", "ggml-cuda")]
    public void Every_spelling_of_a_name_is_known(string file, string name) =>
        Assert.True(LibraryFiles.IsNamed(file, name));

    [Theory]
    [InlineData("libggml-base.so", "ggml")]
    [InlineData("libggml-cpu-zen4.so", "ggml")]
    [InlineData("libllama.txt", "llama")]
    [InlineData("libmtmd.so", "llama")]
    [InlineData("llama-addon.node", "llama")]
    public void Another_library_is_not_taken_for_it(string file, string name) =>
        Assert.False(LibraryFiles.IsNamed(file, name));

    [Fact]
    public void The_plainest_spelling_wins_and_nothing_is_found_where_nothing_is()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(LibraryFiles.Find(folder.Path, "llama"));
        Assert.Null(LibraryFiles.Find(folder.At("no-such-folder"), "llama"));

        File.WriteAllText(folder.At("libllama.so.0.0.1"), "");
        File.WriteAllText(folder.At("libllama.so"), "");

        Assert.Equal(folder.At("libllama.so"), LibraryFiles.Find(folder.Path, "llama"));
    }
}
