using EchoRate.Core.LlamaCpp;
using EchoRate.LLamaSharp.Interop;
using EchoRate.LLamaSharp.Loading;
using LLama.Native;

namespace EchoRate.LLamaSharp.Tests.Loading;

public sealed class SessionLoaderTests
{
    [Fact]
    public void A_model_disposed_before_its_context_is_freed_after_it()
    {
        using var log = new LogScope(receiver: null);
        var (model, path) = Load(log);
        var parameters = LLamaContextParams.Default();
        parameters.n_threads = 1;
        var context = SessionLoader.Create(model, parameters, path, log);

        model.Dispose();

        Assert.Equal(512u, context.ContextSize);
        Assert.NotEqual(0, MissingApi.llama_get_memory(context));
        context.Dispose();
        Assert.True(context.IsClosed);
    }

    [Fact]
    public void A_context_that_llama_cpp_does_not_make_is_an_error_of_one_line_and_holds_no_model_back()
    {
        using var log = new LogScope(receiver: null);
        var (model, path) = Load(log);
        var parameters = LLamaContextParams.Default();
        parameters.n_seq_max = (uint)NativeApi.llama_max_parallel_sequences() + 1;

        var exception = Assert.Throws<EngineException>(() =>
            SessionLoader.Create(model, parameters, path, log)
        );

        Assert.StartsWith("llama_init_from_model: ", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.False(model.IsClosed);

        // Ours was the last reference: a leaked one would keep the handle, and the model's memory, open.
        model.DangerousRelease();
        Assert.True(model.IsClosed);

        // Its finalizer has nothing left to give back.
        model.SetHandleAsInvalid();
    }

    [Fact]
    public void A_second_context_that_cannot_be_made_is_done_without_and_the_log_says_so()
    {
        var said = new List<string>();

        Assert.Null(
            SessionLoader.TryMakeSecond<string>(() => throw new EngineException("full"), said.Add)
        );
        Assert.Equal("made", SessionLoader.TryMakeSecond(() => "made", said.Add));
        Assert.Equal(
            "no second context, so batches are decoded and read in turn: full",
            Assert.Single(said)
        );
    }

    private static (SafeLlamaModelHandle Model, string Path) Load(LogScope log)
    {
        TestLibrary.Load();
        var path = TestModels.PathOf("mini-llama");
        using var offloading = new EchoRate.LLamaSharp.Loading.Offloading(
            path,
            new() { Threads = 1 }
        );
        return (ModelLoader.Load(path, withoutSpacePrefix: false, offloading, log), path);
    }
}
