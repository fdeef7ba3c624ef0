using Microsoft.Win32.SafeHandles;

namespace EchoRate.Llama.Interop;

/// <summary>
/// Owns one <c>llama_context</c> and a counted reference on its model, so that the model is freed after the context,
/// in whatever order the two are disposed or finalized.
/// </summary>
internal sealed class ContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private ModelHandle? _model;

    public ContextHandle()
        : base(ownsHandle: true) { }

    /// <summary>Creates a context; ask <see cref="System.Runtime.InteropServices.SafeHandle.IsInvalid"/> whether it worked.</summary>
    internal static ContextHandle Create(ModelHandle model, in llama_context_params parameters)
    {
        var counted = false;
        model.DangerousAddRef(ref counted);
        var context = LlamaApi.llama_init_from_model(model, parameters);
        if (context.IsInvalid)
        {
            model.DangerousRelease();
        }
        else
        {
            context._model = model;
        }

        return context;
    }

    protected override bool ReleaseHandle()
    {
        LlamaApi.llama_free(handle);
        _model?.DangerousRelease();
        return true;
    }
}
