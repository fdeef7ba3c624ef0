using System.Runtime.InteropServices;
using EchoRate.LLamaSharp.Interop;
using static EchoRate.LLamaSharp.Interop.Ggml;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>What the exact backend does for one context of llama.cpp. Free it after the context.</summary>
internal sealed unsafe class ExactContext : IDisposable
{
    private readonly HashSet<nint> _taken = [];

    /// <summary>Computes the context's products, and counts them.</summary>
    internal ExactProducts Products { get; } = new();

    /// <summary>Matrices of weights whose products it takes.</summary>
    internal int TakenWeights => _taken.Count;

    /// <summary>The first weights that are multiplied in a way that it does not know, by name and type; null where there are none.</summary>
    internal string? Refused { get; private set; }

    internal void Note(Ggml.Tensor* weights, bool takes)
    {
        if (takes)
        {
            _taken.Add((nint)weights->Data);
        }
        else if (weights->Type != Ggml.TypeF32)
        {
            var name = Marshal.PtrToStringUTF8((nint)weights->Name);
            var type = Marshal.PtrToStringUTF8(ggml_type_name(weights->Type));
            Refused ??= $"{name} ({type})";
        }
    }

    public void Dispose() => Products.Dispose();
}
