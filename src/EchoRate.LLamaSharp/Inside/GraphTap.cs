using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using LLama.Native;
using static EchoRate.LLamaSharp.Interop.Ggml;

namespace EchoRate.LLamaSharp.Inside;

/// <summary>
/// Sees the nodes of a context's graph as llama.cpp computes them (<c>cb_eval</c>), and reads or overwrites those that carry the residual after
/// a layer, or its attention. It knows llama.cpp's names for them (src/models/*.cpp, src/llama-graph.cpp): <c>l_out-N</c>, and for the input
/// <c>embd</c>, or what an architecture makes of it before its first layer; <c>kq-N</c> and <c>kq_soft_max-N</c>. Every backend's tensors are read alike. Free it
/// after the context.
/// </summary>
internal sealed unsafe class GraphTap : IDisposable
{
    /// <summary>Stands for the input embedding among the layers.</summary>
    internal const int Input = -1;

    private readonly GCHandle _self;
    private LayerOf? _layerOf;
    private Action<nint, int>? _onLayer;
    private Func<int, bool> _wants = _ => false;
    private Exception? _failure;

    // The layer that a node of this name carries something of; null for a node of no interest.
    private delegate int? LayerOf(ReadOnlySpan<byte> name);

    internal GraphTap() => _self = GCHandle.Alloc(this);

    /// <summary>Has a context that is made with these parameters show its nodes.</summary>
    internal void AttachTo(ref LLamaContextParams parameters)
    {
        parameters.cb_eval = (nint)(delegate* unmanaged[Cdecl]<nint, byte, nint, byte>)&OnNode;
        parameters.cb_eval_user_data = GCHandle.ToIntPtr(_self);
    }

    /// <summary>Reads the residuals of all layers that show them while something is decoded: by layer, token after token.</summary>
    internal Dictionary<int, float[]> Read(Action decode)
    {
        var layers = new Dictionary<int, float[]>();
        // Where the input is scaled, that comes after the node without; the last one counts.
        During(decode, ResidualLayer, _ => true, (tensor, layer) => layers[layer] = Values(tensor));
        return layers;
    }

    /// <summary>Shows what every layer attends to while something is decoded, before the layer goes on with it.</summary>
    /// <param name="onLayer">Sees a layer's attention.</param>
    /// <param name="withScores">Whether the node has the scores too; llama.cpp puts the weights in their place.</param>
    /// <param name="decode">Decodes.</param>
    internal void Attend(Action<AttentionNode> onLayer, bool withScores, Action decode)
    {
        (nint Of, float[] Values) scores = (0, []);
        During(
            decode,
            name => AttentionLayer(name) ?? (withScores ? NumberBehind("kq-"u8, name) : null),
            _ => true,
            (tensor, layer) =>
            {
                if (AttentionLayer(Name(tensor)) is null)
                {
                    scores = (tensor, Values(tensor));
                    return;
                }
                var weights = (Tensor*)tensor;
                onLayer(
                    new AttentionNode(
                        weights,
                        layer,
                        (nint)weights->From(0) == scores.Of ? scores.Values : null
                    )
                );
            }
        );
    }

    /// <summary>Puts other residuals after a layer while something is decoded.</summary>
    internal void Write(int layer, float[] values, Action decode)
    {
        var isWritten = false;
        During(
            decode,
            ResidualLayer,
            wanted => wanted == layer,
            (tensor, _) =>
            {
                Overwrite(tensor, values);
                isWritten = true;
            }
        );
        if (!isWritten)
        {
            throw new EngineException($"llama.cpp's graph shows no node l_out-{layer}");
        }
    }

    public void Dispose() => _self.Free();

    private void During(
        Action decode,
        LayerOf layerOf,
        Func<int, bool> wants,
        Action<nint, int> onLayer
    )
    {
        (_layerOf, _wants, _onLayer, _failure) = (layerOf, wants, onLayer, null);
        try
        {
            decode();
        }
        finally
        {
            (_layerOf, _wants, _onLayer) = (null, _ => false, null);
        }
        if (_failure is { } failure)
        {
            throw new EngineException($"cannot look into the layers: {failure.Message}", failure);
        }
    }

    /// <summary>All values of a tensor of floats.</summary>
    internal static float[] Values(nint tensor)
    {
        var values = new float[ggml_nelements(tensor)];
        CheckSize(tensor, values.Length);
        fixed (float* to = values)
        {
            ggml_backend_tensor_get(tensor, to, 0, ggml_nbytes(tensor));
        }
        return values;
    }

    /// <summary>Puts other values in place of all of a tensor's.</summary>
    internal static void Overwrite(nint tensor, float[] values)
    {
        CheckSize(tensor, values.Length);
        fixed (float* from = values)
        {
            ggml_backend_tensor_set(tensor, from, 0, ggml_nbytes(tensor));
        }
    }

    private static void CheckSize(nint tensor, int values)
    {
        if (ggml_nbytes(tensor) != (nuint)values * sizeof(float))
        {
            throw new InvalidOperationException(
                $"{Marshal.PtrToStringUTF8(ggml_get_name(tensor))} has {ggml_nbytes(tensor)} bytes where {values} floats were expected"
            );
        }
    }

    // Asked first whether a node is wanted, and called again when it is computed; 0 then would end the graph, and decoding would answer that all
    // is well. An exception must not cross native code.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnNode(nint tensor, byte isQuestion, nint self)
    {
        var tap = (GraphTap)GCHandle.FromIntPtr(self).Target!;
        if (
            tap is not { _onLayer: { } onLayer, _layerOf: { } layerOf }
            || layerOf(Name(tensor)) is not { } layer
            || !tap._wants(layer)
        )
        {
            return isQuestion == 0 ? (byte)1 : (byte)0;
        }
        try
        {
            if (isQuestion == 0)
            {
                onLayer(tensor, layer);
            }
        }
        catch (Exception e)
        {
            tap._failure ??= e;
        }
        return 1;
    }

    private static ReadOnlySpan<byte> Name(nint tensor) =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)ggml_get_name(tensor));

    private static int? ResidualLayer(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("embd"u8) || name.SequenceEqual("inp_scaled"u8)
            ? Input
            : NumberBehind("l_out-"u8, name);

    private static int? AttentionLayer(ReadOnlySpan<byte> name) =>
        NumberBehind("kq_soft_max-"u8, name);

    private static int? NumberBehind(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> name) =>
        name.StartsWith(prefix)
        && Utf8Parser.TryParse(name[prefix.Length..], out int layer, out var digits)
        && prefix.Length + digits == name.Length
            ? layer
            : null;
}
