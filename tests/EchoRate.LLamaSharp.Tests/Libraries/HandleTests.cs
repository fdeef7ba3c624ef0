using EchoRate.Llama.Interop;
using EchoRate.Llama.Tests.Fixtures;

namespace EchoRate.Llama.Tests.Libraries;

public sealed class HandleTests
{
    [Fact]
    public void A_model_disposed_before_its_context_is_freed_after_it()
    {
        TestLibraries.Load();
        var model = LlamaApi.llama_model_load_from_file(
            TestModels.PathOf("stories260K"),
            LlamaApi.llama_model_default_params()
        );
        var parameters = LlamaApi.llama_context_default_params();
        parameters.n_threads = 1;
        var context = ContextHandle.Create(model, parameters);
        Assert.False(context.IsInvalid);

        model.Dispose();

        Assert.Equal(512u, LlamaApi.llama_n_ctx(context));
        Assert.NotEqual(0, LlamaApi.llama_get_memory(context));
        context.Dispose();
        Assert.True(context.IsClosed);
    }

    [Fact]
    public void A_context_that_could_not_be_made_lets_go_of_its_model()
    {
        TestLibraries.Load();
        var model = LlamaApi.llama_model_load_from_file(
            TestModels.PathOf("stories260K"),
            LlamaApi.llama_model_default_params()
        );
        var parameters = LlamaApi.llama_context_default_params();
        parameters.n_seq_max = 100_000;

        using var context = ContextHandle.Create(model, parameters);

        Assert.True(context.IsInvalid);
        model.Dispose();
    }
}
