namespace EchoRate.Cli.Tests.BadInput;

/// <summary>
/// Releases of llama.cpp that LLamaSharp was not built for. Their structs lie otherwise, by as little as one field: such a library would run,
/// and compute something else. They come from npm; where there is none, or no network, these tests skip.
/// </summary>
public sealed class OtherReleaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("3.19.1", "llama_model_params.main_gpu is ")]
    [InlineData("3.20.0", "llama_context_params.n_threads_batch is ")]
    [InlineData("3.21.1", "llama_model_params.main_gpu is ")]
    [InlineData("3.22.1", "llama_model_params.main_gpu is ")]
    public void Another_release_is_refused_in_one_line(string version, string field)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the package is Linux's");
        var model = _folder.At("m.gguf");
        Miniatures.Gemma3.Write(model);
        var libraries = NpmPackage.Unpack(_folder, "linux-x64", version);

        var outcome = Echorate.Run(
            _folder.Path,
            new Dictionary<string, string?> { ["ECHORATE_LLAMASHARP_NATIVE"] = libraries },
            "tokenize",
            model,
            " John"
        );

        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Out));
        var line = Assert.Single(outcome.ErrorLines);
        Assert.StartsWith($"echorate: {libraries}/libllama.", line);
        Assert.Contains(" lays its parameters out in another way than LLamaSharp ", line);
        Assert.Contains(field, line);
    }

    public void Dispose() => _folder.Dispose();
}
