using EchoRate.Core.LlamaCpp;
using EchoRate.LLamaSharp.Interop;
using EchoRate.LLamaSharp.Loading;
using LLama.Native;

namespace EchoRate.LLamaSharp.Tests.Libraries;

public sealed class HandleTests
{
    [Fact]
    public void A_model_disposed_before_its_context_is_freed_after_it()
    {
        TestLibrary.Load();
        using var log = new LogScope(receiver: null);
        var path = TestModels.PathOf("mini-llama");
        using var offloading = new EchoRate.LLamaSharp.Loading.Offloading(
            path,
            new() { Threads = 1 }
        );
        var model = ModelLoader.Load(path, new Dictionary<string, bool>(), offloading, log);
        var parameters = LLamaContextParams.Default();
        parameters.n_threads = 1;
        var context = SessionLoader.Create(model, parameters, path, log);

        model.Dispose();

        Assert.Equal(512u, context.ContextSize);
        Assert.NotEqual(0, MissingApi.llama_get_memory(context));
        context.Dispose();
        Assert.True(context.IsClosed);
    }
}
