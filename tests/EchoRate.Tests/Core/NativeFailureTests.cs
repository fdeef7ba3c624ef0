using EchoRate.Core.LlamaCpp;

namespace EchoRate.Tests.Core;

public sealed class NativeFailureTests
{
    [Theory]
    [InlineData("mmap failed: Cannot allocate memory", "raise its limit (ulimit -v)")]
    [InlineData("unknown model architecture: 'x'", "this llama.cpp knows its architecture")]
    public void A_file_that_does_not_load_is_said_with_what_helps(string error, string remedy)
    {
        using var log = new LogScope(null);
        LogScope.Take(LogLevel.Error, Encoding.UTF8.GetBytes(error + "\n"));

        var failure = NativeFailure.Of("llama_model_load_from_file", "m.gguf", log);

        Assert.StartsWith($"llama_model_load_from_file: m.gguf: {error}; ", failure.Message);
        Assert.EndsWith(remedy, failure.Message);
    }
}
