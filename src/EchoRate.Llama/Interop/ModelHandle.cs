using Microsoft.Win32.SafeHandles;

namespace EchoRate.Llama.Interop;

/// <summary>Owns one <c>llama_model</c>.</summary>
internal sealed class ModelHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public ModelHandle()
        : base(ownsHandle: true) { }

    protected override bool ReleaseHandle()
    {
        LlamaApi.llama_model_free(handle);
        return true;
    }
}
